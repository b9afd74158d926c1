//! Bytes as letters of an address: deflated where that makes them fewer, checked, and in base64url.

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use sha2::{Digest, Sha256};

use super::LINK_FORMAT;
use triage_language::{say, tr};

/// The 64 letters of RFC 4648, section 5: none of them means anything in an address.
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// Bytes of the SHA-256 that tell a damaged link.
const CHECK_BYTES: usize = 4;
/// The most that a link may unpack to, in bytes: a scenario of 10 000 executors and some thousand commands.
const UNPACKED_MAX: usize = 4 << 20;
/// The most letters that are looked at; addresses in browsers end before that.
const LETTERS_MAX: usize = 2 << 20;
/// The strongest search that deflate has.
const LEVEL: u8 = 10;
const PLAIN: u8 = 0;
const DEFLATED: u8 = 1;

/// What stands after `run=`.
pub fn packed(format: u32, bytes: &[u8]) -> String {
    let deflated = compress_to_vec(bytes, LEVEL);
    let (way, inside) = if deflated.len() < bytes.len() {
        (DEFLATED, &*deflated)
    } else {
        (PLAIN, bytes)
    };
    let all = [&check(way, inside)[..], &[way], inside].concat();
    let mut text = format.to_string();
    text.push('.');
    for three in all.chunks(3) {
        let bits = three
            .iter()
            .fold(0, |bits, byte| bits << 8 | u32::from(*byte))
            << (8 * (3 - three.len()));
        for letter in 0..=three.len() {
            text.push(LETTERS[(bits >> (18 - 6 * letter) & 63) as usize].into());
        }
    }
    text
}

/// The version of the format and the bytes again.
///
/// # Errors
/// For another format, and for letters that were lost or changed.
pub fn unpacked(text: &str) -> Result<(u32, Vec<u8>), String> {
    let damaged = || {
        say("The link is damaged: a part of it is missing or changed. Copy the whole link and try again.")
            .to_owned()
    };
    let Some((format, letters)) = text.split_once('.') else {
        return Err(damaged());
    };
    let is_number = !format.is_empty() && format.bytes().all(|digit| digit.is_ascii_digit());
    let known = format
        .parse()
        .ok()
        .filter(|known| (1..=LINK_FORMAT).contains(known));
    if is_number && known.is_none() {
        return Err(tr!(
            "The link has format {format}, and this page reads format {known}: open it with the page that made it.",
            format = format,
            known = LINK_FORMAT
        ));
    }
    let known = known.filter(|_| letters.len() <= LETTERS_MAX);
    let format = known.ok_or_else(damaged)?;
    let all = from_letters(letters).ok_or_else(damaged)?;
    let (Some(checked), Some(&way), Some(inside)) = (
        all.get(..CHECK_BYTES),
        all.get(CHECK_BYTES),
        all.get(CHECK_BYTES + 1..),
    ) else {
        return Err(damaged());
    };
    if checked != check(way, inside) {
        return Err(damaged());
    }
    match way {
        PLAIN => Ok((format, inside.to_vec())),
        DEFLATED => match decompress_to_vec_with_limit(inside, UNPACKED_MAX) {
            Ok(bytes) => Ok((format, bytes)),
            Err(_) => Err(say(
                "The link cannot be unpacked: it is damaged, or its content is too long.",
            )
            .to_owned()),
        },
        _ => Err(damaged()),
    }
}

/// The bytes of some letters; spaces, which mail programs put in, are passed over.
fn from_letters(letters: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(letters.len() / 4 * 3 + 2);
    let (mut bits, mut count) = (0_u32, 0);
    for letter in letters
        .bytes()
        .filter(|letter| !letter.is_ascii_whitespace())
    {
        let value = LETTERS.iter().position(|known| *known == letter)?;
        bits = bits << 6 | value as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    (bits == 0 && count < 6).then_some(bytes)
}

fn check(way: u8, inside: &[u8]) -> [u8; CHECK_BYTES] {
    let digest = Sha256::new()
        .chain_update([way])
        .chain_update(inside)
        .finalize();
    [digest[0], digest[1], digest[2], digest[3]]
}
