//! What the original does and nobody would expect, as switches.

use crate::knob::options;

options! {
    /// What min-p does.
    MinP {
        /// Nothing: the original cuts logits after it has read the probabilities from them.
        NoEffect = "no_effect", "nothing";
        /// Probabilities are read again, at temperature 1: the temperature is undone (a port to SmolLM2).
        UndoesTemperature = "undoes_temperature", "undo the temperature";
        /// It cuts, at the rule's temperature (97a51d3, never merged).
        Works = "works", "drop improbable tokens";
    }
}

options! {
    /// From which end the nucleus is cut.
    Nucleus {
        /// From the least probable: the most probable tokens go once the others hold more than top-p.
        Ascending = "ascending", "the least probable";
        /// From the most probable, as everywhere else.
        Descending = "descending", "the most probable, as is usual";
    }
}

options! {
    /// When HELV inserts the pause token.
    Insert {
        /// If it is nowhere in the answer (JAX).
        Once = "once", "once per answer";
        /// If it is not the last token (the torch twin).
        NotTwiceInARow = "not_twice_in_a_row", "not twice in a row";
        /// Whenever the rule matches (31 October).
        Always = "always", "every time";
    }
}

options! {
    /// Where a draw's random numbers come from.
    Noise {
        /// A stream that the seed begins.
        Stream = "stream", "a stream from the seed";
        /// The same vector at every step, that of JAX's key 1337: the original's loop never passes another key.
        Fixed = "fixed", "the same numbers at every token";
    }
}

options! {
    /// How the variance of the heads' attention entropies is computed.
    AttentionVariance {
        /// Over the heads, dividing by their number.
        OverHeads = "over_heads", "over the heads";
        /// Over the heads, dividing by one less (the torch ports).
        Unbiased = "unbiased", "over the heads, divided by one less";
        /// Over the only query: always 0 (9702669).
        OverOneQuery = "over_one_query", "over one query: always 0";
    }
}
