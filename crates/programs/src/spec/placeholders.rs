//! Placeholders in the arguments and the environment of a program: `{hidden}`, `{seed}`, `{run-dir}`, `{settings}`.

/// The placeholders that every program has, in addition to its parameters.
pub const OWN: [&str; 3] = ["seed", "run-dir", "settings"];

/// A piece of an argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Text, as it is.
    Text(String),
    /// A placeholder, without its braces.
    Name(String),
}

/// An argument with placeholders; `{{` and `}}` are braces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(Vec<Part>);

/// Why an argument cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Malformed {
    /// A brace has no partner.
    Brace(char),
    /// A placeholder has no name that could be one.
    Name(String),
}

impl Template {
    /// Reads an argument.
    ///
    /// # Errors
    /// A brace without a partner, or a placeholder without a name.
    pub fn read(text: &str) -> Result<Self, Malformed> {
        let (mut parts, mut plain) = (Vec::new(), String::new());
        let mut rest = text;
        while let Some(place) = rest.find(['{', '}']) {
            plain.push_str(&rest[..place]);
            rest = &rest[place..];
            if let Some(after) = rest.strip_prefix("{{") {
                plain.push('{');
                rest = after;
            } else if let Some(after) = rest.strip_prefix("}}") {
                plain.push('}');
                rest = after;
            } else if let Some(after) = rest.strip_prefix('{') {
                let end = after.find(['{', '}']).filter(|end| after[*end..].starts_with('}'));
                let end = end.ok_or(Malformed::Brace('{'))?;
                let name = &after[..end];
                if !super::parameters::is_name(name) {
                    return Err(Malformed::Name(name.into()));
                }
                if !plain.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut plain)));
                }
                parts.push(Part::Name(name.into()));
                rest = &after[end + 1..];
            } else {
                return Err(Malformed::Brace('}'));
            }
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            parts.push(Part::Text(plain));
        }
        Ok(Self(parts))
    }

    /// Returns the names of the placeholders.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| if let Part::Name(name) = part { Some(name.as_str()) } else { None })
    }

    /// Writes the argument, with the text of each placeholder; `None` if a placeholder has none.
    pub fn fill(&self, value: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        let part = |part: &Part| match part {
            Part::Text(text) => Some(text.clone()),
            Part::Name(name) => value(name),
        };
        self.0.iter().map(part).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn filled(text: &str) -> String {
        Template::read(text).unwrap().fill(&|name| Some(format!("<{name}>"))).unwrap()
    }

    #[test]
    fn placeholders_are_replaced_and_double_braces_are_braces() {
        assert_eq!(filled("--rate={rate}"), "--rate=<rate>");
        assert_eq!(filled("{seed}{run-dir}x"), "<seed><run-dir>x");
        assert_eq!(filled("awk '{{ print {column} }}'"), "awk '{ print <column> }'");
        assert_eq!(filled(""), "");
        assert_eq!(Template::read("{a").unwrap_err(), Malformed::Brace('{'));
        assert_eq!(Template::read("a}").unwrap_err(), Malformed::Brace('}'));
        assert_eq!(Template::read("{ a }").unwrap_err(), Malformed::Name(" a ".into()));
        assert_eq!(Template::read("{}").unwrap_err(), Malformed::Name(String::new()));
    }

    proptest! {
        #[test]
        fn any_text_survives_doubled_braces(text in ".*") {
            prop_assert_eq!(filled(&text.replace('{', "{{").replace('}', "}}")), text);
        }
    }
}
