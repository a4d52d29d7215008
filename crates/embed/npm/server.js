// On a server there are no elements: importing them does nothing.
