//! What a file is that is no GGUF file, by how it begins.

/// What a file is that is no GGUF file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// HTML or XML.
    WebPage,
    /// JSON: a server's error, or a model's configuration.
    Json,
    /// What Git has in place of a file that Git LFS keeps.
    LfsPointer,
    /// Weights in the format safetensors.
    Safetensors,
    /// A zip file or a pickle, as `PyTorch` writes them.
    Checkpoint,
    /// The formats of llama.cpp before GGUF.
    OldGgml,
    /// Compressed.
    Packed,
    /// An executable.
    Program,
    /// Nothing but zeros so far.
    Zeros,
    /// Something else.
    Unknown,
}

/// How files begin.
const BEGINNINGS: [(&[u8], Foreign); 25] = [
    (b"version https://git-lfs", Foreign::LfsPointer),
    (b"PK\x03\x04", Foreign::Checkpoint),
    (b"\x80\x02", Foreign::Checkpoint),
    (b"\x80\x03", Foreign::Checkpoint),
    (b"\x80\x04", Foreign::Checkpoint),
    (b"\x80\x05", Foreign::Checkpoint),
    // Four letters as a number, lowest byte first: ggml, ggmf, ggjt, ggla.
    (b"lmgg", Foreign::OldGgml),
    (b"fmgg", Foreign::OldGgml),
    (b"tjgg", Foreign::OldGgml),
    (b"algg", Foreign::OldGgml),
    (b"ggml", Foreign::OldGgml),
    (b"ggmf", Foreign::OldGgml),
    (b"ggjt", Foreign::OldGgml),
    (b"ggla", Foreign::OldGgml),
    (b"\x1F\x8B", Foreign::Packed),
    (b"BZh", Foreign::Packed),
    (b"\xFD7zXZ", Foreign::Packed),
    (b"\x28\xB5\x2F\xFD", Foreign::Packed),
    (b"7z\xBC\xAF", Foreign::Packed),
    (b"Rar!", Foreign::Packed),
    (b"\x7FELF", Foreign::Program),
    (b"MZ", Foreign::Program),
    (b"\xCF\xFA\xED\xFE", Foreign::Program),
    (b"\xCA\xFE\xBA\xBE", Foreign::Program),
    (b"\0\0\0\0", Foreign::Zeros),
];

/// Bytes that tell.
pub(super) const BEGINNING: usize = 64;

impl Foreign {
    /// By the first bytes of a file, which are not `GGUF`.
    pub(super) fn of(beginning: &[u8]) -> Self {
        // The length of a JSON header, then the header.
        if let Some((length, b"{")) = beginning.get(..9).and_then(|part| part.split_at_checked(8))
            && length.ends_with(&[0, 0, 0])
        {
            return Self::Safetensors;
        }
        let known = BEGINNINGS.iter().find(|(bytes, _)| beginning.starts_with(bytes));
        if let Some((_, foreign)) = known {
            return *foreign;
        }
        let text = beginning.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(beginning).trim_ascii_start();
        match text.first() {
            Some(b'<') => Self::WebPage,
            Some(b'{' | b'[') => Self::Json,
            _ => Self::Unknown,
        }
    }
}

impl std::fmt::Display for Foreign {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::WebPage => "the file is a web page, not a GGUF model",
            Self::Json => "the file is JSON text, such as a server's error or a model's settings, not a GGUF model",
            Self::LfsPointer => "the file is a Git LFS pointer: a few lines in place of a model that was not downloaded",
            Self::Safetensors => "the file has its weights as safetensors, not as GGUF",
            Self::Checkpoint => "the file is a zip file or a pickle, as PyTorch's checkpoints are, not a GGUF model",
            Self::OldGgml => "the file has the format that GGUF replaced in August 2023 (GGML)",
            Self::Packed => "the file is a packed archive, not a GGUF model",
            Self::Program => "the file is a program, not a GGUF model",
            Self::Zeros => "the file begins with zeros, as an unfinished download does",
            Self::Unknown => "the file does not start with \"GGUF\"",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_how_they_begin() {
        let cases: [(&[u8], Foreign); 12] = [
            (b"<!doctype html>", Foreign::WebPage),
            (b"\xEF\xBB\xBF\r\n <html>", Foreign::WebPage),
            (b"{\"error\":\"Entry not found\"}", Foreign::Json),
            (b"version https://git-lfs.github.com/spec/v1\n", Foreign::LfsPointer),
            (b"\x10\x02\0\0\0\0\0\0{\"__metadata__\":", Foreign::Safetensors),
            (b"PK\x03\x04\0\0", Foreign::Checkpoint),
            (b"tjgg\x03\0\0\0", Foreign::OldGgml),
            (b"\x1F\x8B\x08", Foreign::Packed),
            (b"MZqFpD='\n", Foreign::Program),
            (&[0; 64], Foreign::Zeros),
            (b"GG", Foreign::Unknown),
            (b"", Foreign::Unknown),
        ];
        for (beginning, foreign) in cases {
            assert_eq!(Foreign::of(beginning), foreign, "{beginning:?}");
        }
    }
}
