//! Small files of each kind for tests: made as their kind is, with a note inside by which they differ.

/// A grey JPEG of that size that says `note` in a comment. Its one scan holds next to nothing: nobody here decodes it.
pub fn jpeg(width: u32, height: u32, note: &[u8]) -> Vec<u8> {
    let side = |side: u32| u16::try_from(side).unwrap_or(u16::MAX).to_be_bytes();
    let mut bytes = vec![0xff, 0xd8];
    // A segment tells its length in two bytes.
    for note in note.chunks(60_000) {
        let length = u16::try_from(note.len() + 2).unwrap_or(u16::MAX);
        bytes.extend([&[0xff, 0xfe], &length.to_be_bytes()[..], note].concat());
    }
    bytes.extend([0xff, 0xc0, 0, 11, 8]);
    bytes.extend([side(height), side(width)].concat());
    bytes.extend([1, 1, 0x11, 0]);
    bytes.extend([0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0x2a, 0xff, 0x00, 0x15]);
    bytes.extend([0xff, 0xd9]);
    bytes
}

/// A PNG of that size that says `note`.
pub fn png(width: u32, height: u32, note: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |name: &[u8; 4], held: &[u8]| {
        let length = u32::try_from(held.len()).unwrap_or(u32::MAX).to_be_bytes();
        bytes.extend([&length[..], name, held, &[0; 4]].concat());
    };
    chunk(
        b"IHDR",
        &[&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 0, 0, 0, 0]].concat(),
    );
    chunk(b"tEXt", note);
    chunk(b"IDAT", b"\x78\x9c\x63\x00\x00\x00\x01\x00\x01");
    chunk(b"IEND", b"");
    bytes
}

/// A WebP of that size (16383 at most) that says `note`.
pub fn webp(width: u32, height: u32, note: &[u8]) -> Vec<u8> {
    let bits = (width.saturating_sub(1) & 0x3fff) | ((height.saturating_sub(1) & 0x3fff) << 14);
    let mut chunks = b"WEBP".to_vec();
    let mut chunk = |name: &[u8; 4], held: &[u8]| {
        let length = u32::try_from(held.len()).unwrap_or(u32::MAX).to_le_bytes();
        chunks.extend([&name[..], &length, held, &[0][..held.len() % 2]].concat());
    };
    chunk(b"VP8L", &[&[0x2f][..], &bits.to_le_bytes(), &[0; 5]].concat());
    chunk(b"XMP ", note);
    let length = u32::try_from(chunks.len()).unwrap_or(u32::MAX).to_le_bytes();
    [&b"RIFF"[..], &length, &chunks].concat()
}

/// A PDF of one empty page, with `inside` in its catalogue.
pub fn pdf(inside: &str) -> Vec<u8> {
    format!(
        "%PDF-1.7\n1 0 obj\n<< {inside} /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\n\
         endobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>\nendobj\nxref\n0 4\n\
         trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n200\n%%EOF\n"
    )
    .into_bytes()
}
