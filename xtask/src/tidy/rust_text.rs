//! Rust source with its comments and the contents of its strings blanked out, and its test code marked, so that a check
//! which looks for words finds only code. Not a parser: it knows just enough of the grammar to skip text.

/// One line of code, without comments and strings.
pub struct Line {
    /// Counted from 1.
    pub number: usize,
    pub code: String,
    /// Inside an item under `#[cfg(test)]`.
    pub test: bool,
}

pub fn lines_of(text: &str) -> Vec<Line> {
    let code = blank_text(text);
    let test = test_lines(&code);
    let line = |(at, code): (usize, &str)| Line {
        number: at + 1,
        code: code.to_owned(),
        test: test.get(at).copied().unwrap_or(false),
    };
    code.lines().enumerate().map(line).collect()
}

/// Same length in lines; comments, strings and characters become spaces.
fn blank_text(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let mut out = String::with_capacity(text.len());
    let mut i = 0;
    while i < chars.len() {
        let end = if at(i) == '/' && at(i + 1) == '/' {
            (i..chars.len()).find(|&j| at(j) == '\n').unwrap_or(chars.len())
        } else if at(i) == '/' && at(i + 1) == '*' {
            end_of_block_comment(&chars, i)
        } else if let Some(end) = end_of_raw_string(&chars, i) {
            end
        } else if at(i) == '"' {
            end_of_quoted(&chars, i, '"')
        } else if at(i) == '\'' && (at(i + 1) == '\\' || at(i + 2) == '\'') {
            end_of_quoted(&chars, i, '\'') // a character; a lifetime has no second quote
        } else {
            out.push(at(i));
            i += 1;
            continue;
        };
        out.extend((i..end).map(|j| if at(j) == '\n' { '\n' } else { ' ' }));
        i = end;
    }
    out
}

fn end_of_quoted(chars: &[char], start: usize, quote: char) -> usize {
    let mut i = start + 1;
    while i < chars.len() {
        match chars[i] {
            '\\' => i += 2,
            c if c == quote => return i + 1,
            _ => i += 1,
        }
    }
    chars.len()
}

fn end_of_block_comment(chars: &[char], start: usize) -> usize {
    let mut depth = 0;
    let mut i = start;
    while i + 1 < chars.len() {
        match (chars[i], chars[i + 1]) {
            ('/', '*') => (depth, i) = (depth + 1, i + 2),
            ('*', '/') => (depth, i) = (depth - 1, i + 2),
            _ => i += 1,
        }
        if depth == 0 {
            return i;
        }
    }
    chars.len()
}

/// `r"…"`, `r#"…"#`, `br"…"`, where the letter does not end a name.
fn end_of_raw_string(chars: &[char], start: usize) -> Option<usize> {
    if start > 0 && (chars[start - 1].is_alphanumeric() || chars[start - 1] == '_') {
        return None;
    }
    let mut i = start + usize::from(chars[start] == 'b');
    if chars.get(i) != Some(&'r') {
        return None;
    }
    i += 1;
    let hashes = chars[i..].iter().take_while(|c| **c == '#').count();
    i += hashes;
    if chars.get(i) != Some(&'"') {
        return None;
    }
    let closes = |j: &usize| chars[*j] == '"' && (1..=hashes).all(|k| chars.get(j + k) == Some(&'#'));
    Some((i + 1..chars.len()).find(closes).map_or(chars.len(), |j| j + 1 + hashes))
}

/// For each line whether it belongs to an item under `#[cfg(test)]` (or to a file that is one as a whole).
fn test_lines(code: &str) -> Vec<bool> {
    let mut test = vec![false; code.lines().count()];
    if code.contains("#![cfg(test)]") {
        return vec![true; test.len()];
    }
    for (start, mark) in code.match_indices("#[cfg(test)]") {
        let body = &code[start + mark.len()..];
        let end = start + mark.len() + end_of_item(body);
        let line = |offset: usize| code[..offset].matches('\n').count();
        for flag in test.iter_mut().take(line(end) + 1).skip(line(start)) {
            *flag = true;
        }
    }
    test
}

/// Up to the `;` or the closing brace that ends the item which begins here.
fn end_of_item(body: &str) -> usize {
    let (mut braces, mut brackets) = (0usize, 0usize);
    for (at, c) in body.char_indices() {
        match c {
            '(' | '[' => brackets += 1,
            ')' | ']' => brackets = brackets.saturating_sub(1),
            '{' => braces += 1,
            '}' if braces <= 1 => return at,
            '}' => braces -= 1,
            ';' if braces == 0 && brackets == 0 => return at,
            _ => {}
        }
    }
    body.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_strings_are_no_code() {
        let text = r###"
let a = "x.unwrap()"; // y.unwrap()
let b = r#"z.unwrap() " "#; /* c.unwrap() /* d.unwrap() */
e.unwrap() */ let f = '"'; g.unwrap();
fn life<'a>(x: &'a str) { h.unwrap() }
"###;
        let found: Vec<_> = lines_of(text).into_iter().filter(|line| line.code.contains("unwrap")).collect();
        assert_eq!(found.iter().map(|line| line.number).collect::<Vec<_>>(), [4, 5]);
        assert!(found[0].code.contains("g.unwrap()") && !found[0].code.contains("e.unwrap()"));
    }

    #[test]
    fn test_code_is_marked_to_its_end_and_no_further() {
        let text = "a();\n#[cfg(test)]\nmod tests {\n    fn b() { \"}\"; }\n}\nc();\n#[cfg(test)]\nmod more;\nd();\n";
        let test: Vec<_> = lines_of(text).iter().map(|line| line.test).collect();
        assert_eq!(test, [false, true, true, true, true, false, true, true, false]);
    }
}
