//! Short names for what the program asks of its script. wasm-bindgen names each function by what it does and by a hash,
//! in both files; nobody reads them in a release, and everybody downloads them.

use anyhow::{Context, Result, bail};
use std::{collections::BTreeMap, fs, path::Path};
use wasmparser::{Parser, Payload};

const IMPORTS: u8 = 2;
/// How the module ends that wasm-bindgen's own functions are imported from. Those of others keep their names.
const OWN: &str = "_bg.js";

/// Gives everything that `program` imports a short name there and in `script`.
pub fn shorten(program: &Path, script: &Path) -> Result<()> {
    let wasm = fs::read(program).with_context(|| format!("reading {}", program.display()))?;
    let js = fs::read_to_string(script).with_context(|| format!("reading {}", script.display()))?;
    let (wasm, names) = renamed(&wasm)?;
    fs::write(program, wasm)?;
    Ok(fs::write(script, rewritten(&js, &names)?)?)
}

/// The program with short names, and which name each import has now.
fn renamed(wasm: &[u8]) -> Result<(Vec<u8>, BTreeMap<String, String>)> {
    let (mut names, mut out) = (BTreeMap::new(), Vec::with_capacity(wasm.len()));
    for payload in Parser::new(0).parse_all(wasm) {
        let Payload::ImportSection(section) = payload? else { continue };
        let range = usize::try_from(section.range().start)?..usize::try_from(section.range().end)?;
        let mut imports = Vec::new();
        for import in section.into_imports_with_offsets() {
            let (offset, import) = import?;
            imports.push((usize::try_from(offset)?, import));
        }
        let mut body = leb(imports.len());
        for (at, (offset, import)) in imports.iter().enumerate() {
            let end = imports.get(at + 1).map_or(range.end, |(next, _)| *next);
            let length = |name: &str| leb(name.len()).len() + name.len();
            let kind = offset + length(import.module) + length(import.name);
            let next = names.len();
            let name = match import.module.ends_with(OWN) {
                true => names.entry(import.name.to_owned()).or_insert_with(|| format!("_{}", base36(next))),
                false => import.name,
            };
            for name in [import.module, name] {
                body.extend(leb(name.len()));
                body.extend(name.as_bytes());
            }
            body.extend(&wasm[kind..end]);
        }
        // The section's number and length stand before its content.
        let start = range.start - leb(range.len()).len() - 1;
        if wasm.get(start) != Some(&IMPORTS) {
            bail!("the length of the import section is written in an unknown way");
        }
        out.extend(&wasm[..start]);
        out.push(IMPORTS);
        out.extend(leb(body.len()));
        out.extend(body);
        out.extend(&wasm[range.end..]);
    }
    if names.is_empty() {
        bail!("the program imports nothing");
    }
    Ok((out, names))
}

/// The script with the same names. Whole words only: one name may begin another.
fn rewritten(js: &str, names: &BTreeMap<String, String>) -> Result<String> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '$';
    let (mut out, mut rest, mut found) = (String::with_capacity(js.len()), js, BTreeMap::new());
    while !rest.is_empty() {
        let word = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
        match names.get_key_value(&rest[..word]) {
            Some((name, short)) => {
                *found.entry(name).or_insert(0) += 1;
                out.push_str(short);
            }
            None => out.push_str(&rest[..word]),
        }
        let other = rest[word..].find(is_part).map_or(rest.len(), |next| word + next);
        out.push_str(&rest[word..other]);
        rest = &rest[other..];
    }
    if let Some(name) = names.keys().find(|name| found.get(name) != Some(&1)) {
        bail!("the script names {name} {} times instead of once", found.get(name).unwrap_or(&0));
    }
    Ok(out)
}

/// An unsigned number as WebAssembly writes it.
fn leb(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(number & 0x7f).unwrap_or(0);
        number >>= 7;
        bytes.push(if number == 0 { low } else { low | 0x80 });
        if number == 0 {
            return bytes;
        }
    }
}

fn base36(mut number: usize) -> String {
    let mut digits = Vec::new();
    loop {
        digits.extend(u32::try_from(number % 36).ok().and_then(|digit| char::from_digit(digit, 36)));
        number /= 36;
        if number == 0 {
            return digits.iter().rev().collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program that imports two functions of type 0 and somebody else's memory, and has a start function.
    fn program() -> Vec<u8> {
        let mut wasm = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0".to_vec();
        let mut imports = vec![3];
        let all =
            [("_bg.js", "__wbg_now_12", &[0, 0][..]), ("_bg.js", "__wbg_now_1", &[0, 0]), ("a.js", "load", &[2, 0, 1])];
        for (module, name, kind) in all {
            for word in [module, name] {
                imports.extend([&[u8::try_from(word.len()).unwrap()], word.as_bytes()].concat());
            }
            imports.extend(kind);
        }
        wasm.extend([&[2, u8::try_from(imports.len()).unwrap()], &imports[..], b"\x08\x01\x01"].concat());
        wasm
    }

    fn imports_of(wasm: &[u8]) -> Vec<(String, String)> {
        let sections = Parser::new(0).parse_all(wasm).filter_map(|payload| match payload.unwrap() {
            Payload::ImportSection(section) => Some(section),
            _ => None,
        });
        let imports = sections.flat_map(|section| section.into_imports_with_offsets());
        imports.map(|import| import.unwrap().1).map(|it| (it.name.to_owned(), format!("{:?}", it.ty))).collect()
    }

    #[test]
    fn only_the_names_change() {
        let (wasm, names) = renamed(&program()).unwrap();
        let kinds = |wasm: &[u8]| imports_of(wasm).into_iter().map(|(_, kind)| kind).collect::<Vec<_>>();
        assert_eq!(kinds(&wasm), kinds(&program()));
        let short: Vec<_> = imports_of(&wasm).into_iter().map(|(name, _)| name).collect();
        assert_eq!(short, ["_0", "_1", "load"]);
        assert_eq!(names["__wbg_now_1"], "_1");
        assert!(wasm.ends_with(b"\x08\x01\x01"), "what follows stays");
    }

    #[test]
    fn the_script_follows_whole_names_only() {
        let (_, names) = renamed(&program()).unwrap();
        let js = "({ __wbg_now_1: a, __wbg_now_12() { x.__wbg_now_123 }, load })";
        assert_eq!(rewritten(js, &names).unwrap(), "({ _1: a, _0() { x.__wbg_now_123 }, load })");
    }

    #[test]
    fn a_name_that_the_script_does_not_give_once_is_no_build() {
        let (_, names) = renamed(&program()).unwrap();
        assert!(rewritten("({ __wbg_now_1: a })", &names).is_err());
        assert!(rewritten("({ __wbg_now_1: a, __wbg_now_12: b, c: __wbg_now_1 })", &names).is_err());
    }

    #[test]
    fn numbers_are_written_as_webassembly_does() {
        assert_eq!((leb(0), leb(127), leb(128), leb(17_709)), (vec![0], vec![127], vec![128, 1], vec![173, 138, 1]));
        assert_eq!((base36(0), base36(35), base36(36)), ("0".to_owned(), "z".to_owned(), "10".to_owned()));
    }
}
