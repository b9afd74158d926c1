//! Numbers and texts as bytes: seven bits of a number in each byte, the lowest first, the eighth saying that more
//! follow; a text after the number of its bytes.

use triage_language::say;

/// What is being written.
#[derive(Default)]
pub struct Writer(pub Vec<u8>);

impl Writer {
    pub fn number(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    pub fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }

    /// Nothing is 0, and everything one more than it is.
    pub fn option(&mut self, value: Option<u64>) {
        self.number(value.map_or(0, |value| value.saturating_add(1)));
    }
}

/// What is left to be read.
pub struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    pub fn bytes(&mut self, count: usize) -> Result<&'a [u8], String> {
        if count > self.0.len() {
            return Err(say("it ends in the middle of a value").to_owned());
        }
        let (taken, left) = self.0.split_at(count);
        self.0 = left;
        Ok(taken)
    }

    pub fn byte(&mut self) -> Result<u8, String> {
        Ok(self.bytes(1)?[0])
    }

    pub fn number(&mut self) -> Result<u64, String> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if bits << shift >> shift != bits {
                break;
            }
            value |= bits << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(say("a number in it is too large").to_owned())
    }

    /// A number that a smaller type holds.
    pub fn small<T: TryFrom<u64>>(&mut self) -> Result<T, String> {
        let value = self.number()?;
        T::try_from(value).map_err(|_| say("a number in it is too large").to_owned())
    }

    /// How many things follow; each takes at least a byte.
    pub fn count(&mut self) -> Result<usize, String> {
        let count: usize = self.small()?;
        if count > self.0.len() {
            return Err(say("it ends in the middle of a list").to_owned());
        }
        Ok(count)
    }

    pub fn text(&mut self) -> Result<&'a str, String> {
        let count = self.count()?;
        let bytes = self.bytes(count)?;
        std::str::from_utf8(bytes).map_err(|_| say("it contains an invalid text").to_owned())
    }

    pub fn option<T: TryFrom<u64>>(&mut self) -> Result<Option<T>, String> {
        match self.number()?.checked_sub(1) {
            None => Ok(None),
            Some(value) => match T::try_from(value) {
                Ok(value) => Ok(Some(value)),
                Err(_) => Err(say("a number in it is too large").to_owned()),
            },
        }
    }
}
