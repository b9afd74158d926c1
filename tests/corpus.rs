//! What fuzzing has found worth keeping is taken or refused with a sentence, and nothing panics: the short form of
//! `./dev fuzz`.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::Path;

use triage_soak::bytes::Input;

#[test]
fn the_corpus_of_every_fuzz_target_is_taken_or_refused_with_a_reason() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    for (name, input) in Input::ALL {
        let (mut taken, mut refused) = (0, 0);
        for file in fs::read_dir(corpus.join(name)).unwrap() {
            let bytes = fs::read(file.unwrap().path()).unwrap();
            if input.take(&bytes) {
                taken += 1;
            } else {
                refused += 1;
            }
        }
        assert!(
            taken > 0 && refused > 0,
            "{name}: {taken} taken, {refused} refused"
        );
    }
}
