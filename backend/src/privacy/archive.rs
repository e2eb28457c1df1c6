//! A ZIP archive in a file that has no name: written a piece at a time, so that it needs little memory, and gone with
//! the last who reads it, however that ends.

use std::fs::File;
use std::io::{self, BufWriter, Seek as _, Write as _};
use std::path::Path;

use serde::Serialize;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// An archive being written.
pub(super) struct Archive {
    zip: ZipWriter<BufWriter<File>>,
    /// Whether the list at hand has something in it.
    listed: bool,
}

impl Archive {
    /// Begins one, in `folder`: where the server keeps its other files.
    pub fn begin(folder: &Path) -> io::Result<Self> {
        let file = tempfile::tempfile_in(folder)?;
        Ok(Self {
            zip: ZipWriter::new(BufWriter::new(file)),
            listed: false,
        })
    }

    fn start(&mut self, name: &str, method: CompressionMethod) -> io::Result<()> {
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .unix_permissions(0o600);
        Ok(self.zip.start_file(name, options)?)
    }

    /// A file of text.
    pub fn text(&mut self, name: &str, text: &str) -> io::Result<()> {
        self.start(name, CompressionMethod::Deflated)?;
        self.zip.write_all(text.as_bytes())
    }

    /// A file of JSON.
    pub fn json(&mut self, name: &str, value: &impl Serialize) -> io::Result<()> {
        self.start(name, CompressionMethod::Deflated)?;
        serde_json::to_writer_pretty(&mut self.zip, value)?;
        self.zip.write_all(b"\n")
    }

    /// A file of bytes that are small already.
    pub fn bytes(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.start(name, CompressionMethod::Stored)?;
        self.zip.write_all(bytes)
    }

    /// Begins a file that is a list of JSON, one thing to a line.
    pub fn list(&mut self, name: &str) -> io::Result<()> {
        self.start(name, CompressionMethod::Deflated)?;
        self.listed = false;
        self.zip.write_all(b"[")
    }

    /// The next of the list.
    pub fn item(&mut self, value: &impl Serialize) -> io::Result<()> {
        let between: &[u8] = if self.listed { b",\n" } else { b"\n" };
        self.listed = true;
        self.zip.write_all(between)?;
        Ok(serde_json::to_writer(&mut self.zip, value)?)
    }

    /// Ends the list.
    pub fn end(&mut self) -> io::Result<()> {
        self.zip.write_all(b"\n]\n")
    }

    /// The whole archive, to be read from its beginning.
    pub fn finish(self) -> io::Result<File> {
        let mut file = self
            .zip
            .finish()?
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn a_list_is_json_however_long() {
        for many in [0, 1, 3] {
            let mut archive = Archive::begin(&std::env::temp_dir()).unwrap();
            archive.list("list.json").unwrap();
            for n in 0..many {
                archive.item(&n).unwrap();
            }
            archive.end().unwrap();
            archive.bytes("a/b", b"bytes").unwrap();
            let mut zip = zip::ZipArchive::new(archive.finish().unwrap()).unwrap();
            let list: Vec<usize> = serde_json::from_reader(zip.by_name("list.json").unwrap()).unwrap();
            assert_eq!(list, (0..many).collect::<Vec<_>>());
            let mut bytes = Vec::new();
            zip.by_name("a/b").unwrap().read_to_end(&mut bytes).unwrap();
            assert_eq!(bytes, b"bytes");
        }
    }
}
