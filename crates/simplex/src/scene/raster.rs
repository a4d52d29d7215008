//! Pixels.

/// Pixels: red, green, blue, alpha, row by row from the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raster {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// `4 · width · height` bytes.
    pub rgba: Vec<u8>,
}

impl Raster {
    /// All transparent.
    pub fn new(width: u32, height: u32) -> Self {
        Self { width, height, rgba: vec![0; 4 * width as usize * height as usize] }
    }

    /// Sets a pixel; outside nothing happens.
    #[inline]
    pub fn set(&mut self, column: u32, row: u32, [r, g, b]: [u8; 3], alpha: u8) {
        let at = 4 * (row as usize * self.width as usize + column as usize);
        if let Some([to_r, to_g, to_b, to_alpha]) = self.rgba.get_mut(at..at + 4) {
            (*to_r, *to_g, *to_b, *to_alpha) = (r, g, b, alpha);
        }
    }

    /// The bytes of a row; none outside.
    pub fn row_mut(&mut self, row: u32) -> &mut [u8] {
        let length = 4 * self.width as usize;
        let start = row as usize * length;
        self.rgba.get_mut(start..start + length).unwrap_or_default()
    }

    /// Colour and alpha of a pixel; transparent black outside.
    pub fn get(&self, column: u32, row: u32) -> ([u8; 3], u8) {
        let at = 4 * (row as usize * self.width as usize + column as usize);
        match self.rgba.get(at..at + 4) {
            Some(&[r, g, b, alpha]) => ([r, g, b], alpha),
            _ => ([0; 3], 0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_are_where_they_were_put() {
        let mut raster = Raster::new(3, 2);
        raster.set(2, 1, [1, 2, 3], 4);
        assert_eq!(raster.get(2, 1), ([1, 2, 3], 4));
        raster.set(9, 9, [1, 2, 3], 4);
        assert_eq!(raster.get(9, 9), ([0; 3], 0));
    }
}
