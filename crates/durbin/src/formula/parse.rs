//! From text to a tree, with the usual precedence: `-x^2` is `-(x^2)`, `a^b^c` is `a^(b^c)`.

/// A formula as a tree; variables by position in the list that [`parse`] returns.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Number(f64),
    Variable(usize),
    Negative(Box<Node>),
    Binary(char, Box<Node>, Box<Node>),
    Call(Function, Vec<Node>),
}

/// The functions there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Ln,
    Log10,
    Log2,
    Exp,
    Sqrt,
    Abs,
    Min,
    Max,
}

const FUNCTIONS: [(&str, Function, usize); 9] = [
    ("log", Function::Ln, 1),
    ("ln", Function::Ln, 1),
    ("log10", Function::Log10, 1),
    ("log2", Function::Log2, 1),
    ("exp", Function::Exp, 1),
    ("sqrt", Function::Sqrt, 1),
    ("abs", Function::Abs, 1),
    ("min", Function::Min, 2),
    ("max", Function::Max, 2),
];

/// Deeper than any formula that people write, and far from the end of the stack.
const DEPTH: usize = 100;

/// A variable, in this period (`back` = 0) or so many periods before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Variable {
    pub name: String,
    pub back: usize,
}

/// Functions that look at the period before, and the operation between now and then.
const OVER_TIME: [(&str, Option<char>); 3] =
    [("lag", None), ("change", Some('-')), ("growth", Some('/'))];

/// Further back than any formula that people write; each step reads its argument twice.
const BACK: usize = 8;

/// The tree of `text` and the variables in it, in order of first appearance.
pub(super) fn parse(text: &str) -> Result<(Node, Vec<Variable>), String> {
    let mut parser = Parser { text, at: 0, depth: 0, back: 0, variables: Vec::new() };
    let node = parser.sum()?;
    match parser.peek() {
        None => Ok((node, parser.variables)),
        Some(_) => Err(parser.unexpected("an operator or the end")),
    }
}

impl Node {
    /// The value for the variables' `values`.
    pub fn value(&self, values: &[f64]) -> f64 {
        match self {
            Self::Number(number) => *number,
            Self::Variable(at) => values[*at],
            Self::Negative(node) => -node.value(values),
            Self::Binary(operator, left, right) => {
                let (left, right) = (left.value(values), right.value(values));
                match operator {
                    '+' => left + right,
                    '-' => left - right,
                    '*' => left * right,
                    '/' => left / right,
                    _ => left.powf(right),
                }
            }
            Self::Call(function, arguments) => {
                let of = |at: usize| arguments[at].value(values);
                match function {
                    Function::Ln => of(0).ln(),
                    Function::Log10 => of(0).log10(),
                    Function::Log2 => of(0).log2(),
                    Function::Exp => of(0).exp(),
                    Function::Sqrt => of(0).sqrt(),
                    Function::Abs => of(0).abs(),
                    Function::Min => of(0).min(of(1)),
                    Function::Max => of(0).max(of(1)),
                }
            }
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    /// Byte position.
    at: usize,
    depth: usize,
    /// Periods back of what is being read.
    back: usize,
    variables: Vec<Variable>,
}

impl Parser<'_> {
    fn sum(&mut self) -> Result<Node, String> {
        let mut left = self.product()?;
        while let Some(operator) = self.take_if(|c| c == '+' || c == '-') {
            left = Node::Binary(operator, left.into(), self.product()?.into());
        }
        Ok(left)
    }

    fn product(&mut self) -> Result<Node, String> {
        let mut left = self.signed()?;
        while let Some(operator) = self.take_if(|c| c == '*' || c == '/') {
            left = Node::Binary(operator, left.into(), self.signed()?.into());
        }
        Ok(left)
    }

    fn signed(&mut self) -> Result<Node, String> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(format!("nested more than {DEPTH} deep"));
        }
        let node = match self.take_if(|c| c == '+' || c == '-') {
            Some('-') => Node::Negative(self.signed()?.into()),
            Some(_) => self.signed()?,
            None => self.power()?,
        };
        self.depth -= 1;
        Ok(node)
    }

    fn power(&mut self) -> Result<Node, String> {
        let base = self.atom()?;
        match self.take_if(|c| c == '^') {
            Some(operator) => Ok(Node::Binary(operator, base.into(), self.signed()?.into())),
            None => Ok(base),
        }
    }

    fn atom(&mut self) -> Result<Node, String> {
        match self.peek() {
            Some('(') => {
                self.expect('(')?;
                let node = self.sum()?;
                self.expect(')')?;
                Ok(node)
            }
            Some('{') => {
                self.expect('{')?;
                let name = self.take_while(|c| c != '}').trim().to_owned();
                self.expect('}')?;
                Ok(self.variable(name))
            }
            Some(c) if c.is_ascii_digit() || c == '.' => self.number(),
            Some(c) if c.is_alphabetic() || c == '_' => {
                let name = self.take_while(|c| c.is_alphanumeric() || c == '_').to_owned();
                if self.peek() == Some('(') { self.call(&name) } else { Ok(self.variable(name)) }
            }
            _ => Err(self.unexpected("a variable, a number or a bracket")),
        }
    }

    /// `lag(e)`, `change(e)` = e − lag(e), `growth(e)` = e / lag(e) − 1, on the period before.
    fn over_time(&mut self, operator: Option<char>) -> Result<Node, String> {
        if self.back == BACK {
            return Err(format!("more than {BACK} periods back"));
        }
        self.expect('(')?;
        let start = self.at;
        let now = operator.map(|_| self.sum()).transpose()?;
        self.at = start;
        self.back += 1;
        let then = self.sum()?;
        self.back -= 1;
        self.expect(')')?;
        Ok(match (now, operator) {
            (Some(now), Some('/')) => {
                let ratio = Node::Binary('/', now.into(), then.into());
                Node::Binary('-', ratio.into(), Node::Number(1.0).into())
            }
            (Some(now), _) => Node::Binary('-', now.into(), then.into()),
            (None, _) => then,
        })
    }

    fn call(&mut self, name: &str) -> Result<Node, String> {
        if let Some((_, operator)) = OVER_TIME.iter().find(|(known, _)| *known == name) {
            return self.over_time(*operator);
        }
        let Some((_, function, arity)) = FUNCTIONS.iter().find(|(known, ..)| *known == name) else {
            let names = FUNCTIONS.map(|(known, ..)| known).join(", ");
            let over_time = OVER_TIME.map(|(known, _)| known).join(", ");
            return Err(format!("no function `{name}`; there are {names}, {over_time}"));
        };
        self.expect('(')?;
        let mut arguments = vec![self.sum()?];
        while arguments.len() < *arity {
            self.expect(',')?;
            arguments.push(self.sum()?);
        }
        self.expect(')')?;
        Ok(Node::Call(*function, arguments))
    }

    fn number(&mut self) -> Result<Node, String> {
        let start = self.at;
        self.take_while(|c| c.is_ascii_digit() || c == '.');
        let exponent = self.text[self.at..].strip_prefix(['e', 'E']);
        let digits = exponent.map(|rest| rest.strip_prefix(['+', '-']).unwrap_or(rest));
        if digits.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
            self.at += 2;
            self.take_while(|c| c.is_ascii_digit());
        }
        let digits = &self.text[start..self.at];
        digits.parse().map(Node::Number).map_err(|_| format!("`{digits}` is no number"))
    }

    fn variable(&mut self, name: String) -> Node {
        let variable = Variable { name, back: self.back };
        let known = self.variables.iter().position(|known| *known == variable);
        Node::Variable(known.unwrap_or_else(|| {
            self.variables.push(variable);
            self.variables.len() - 1
        }))
    }

    /// The next character that is no blank.
    fn peek(&mut self) -> Option<char> {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        self.text[self.at..].chars().next()
    }

    fn take_if(&mut self, wanted: impl Fn(char) -> bool) -> Option<char> {
        let next = self.peek().filter(|&c| wanted(c))?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &str {
        let rest = &self.text[self.at..];
        let length = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn expect(&mut self, wanted: char) -> Result<(), String> {
        match self.take_if(|c| c == wanted) {
            Some(_) => Ok(()),
            None => Err(self.unexpected(&format!("`{wanted}`"))),
        }
    }

    fn unexpected(&mut self, wanted: &str) -> String {
        let found = self.peek().map_or_else(|| "the end".to_owned(), |c| format!("`{c}`"));
        let column = self.text[..self.at].chars().count() + 1;
        format!("expected {wanted}, found {found} at character {column}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn is(text: &str, expected: f64) {
        let (node, variables) = parse(text).unwrap();
        assert_eq!(variables, Vec::new());
        let value = node.value(&[]);
        assert!((value - expected).abs() < 1e-15, "{text} = {value}");
    }

    #[test]
    fn precedence_is_the_usual_one() {
        is("-2^2", -4.0);
        is("2^-1", 0.5);
        is("2^3^2", 512.0);
        is("8/-2^2", -2.0);
        is("1 - -1", 2.0);
        is("10 - 4 - 3", 3.0);
        is("2 + 3 * 4", 14.0);
        is("(2 + 3) * 4", 20.0);
        is("1.5e-1 + .5", 0.65);
        is("max(1, min(5, 3))", 3.0);
    }

    #[test]
    fn there_are_no_hidden_constants() {
        let (_, variables) = parse("e * PI + {GDP per head} + 人口").unwrap();
        let names: Vec<&str> = variables.iter().map(|variable| variable.name.as_str()).collect();
        assert_eq!(names, ["e", "PI", "GDP per head", "人口"]);
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_place() {
        for (text, words) in [
            ("log(x", "expected `)`, found the end"),
            ("a b", "found `b` at character 3"),
            ("a + ", "found the end"),
            ("lg(x)", "no function `lg`"),
            ("1.2.3", "`1.2.3` is no number"),
            ("", "found the end"),
            ("min(a)", "expected `,`"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(words), "{text}: {error}");
        }
        assert!(parse(&"(".repeat(100_000)).is_err());
        assert!(parse(&"-".repeat(100_000)).is_err());
    }
}
