//! Text made safe for the language it is put into.

/// Text for XML and HTML, inside elements and quoted attributes alike. Control characters that XML forbids
/// become the replacement character.
pub fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// Text for one cell or line of Markdown.
pub fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => out.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '$' | '&' | '#' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// Text for LaTeX. Greek letters and the signs of statistics become mathematics, so that pdfLaTeX sets them;
/// other scripts pass through and need XeLaTeX, LuaLaTeX or a package such as ctex.
pub fn latex(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => {
                out.push('\\');
                out.push(c);
            }
            '\n' | '\r' => out.push(' '),
            c => match LATEX.iter().find(|(from, _)| *from == c) {
                Some((_, to)) => out.push_str(to),
                None => out.push(c),
            },
        }
    }
    out
}

const LATEX: [(char, &str); 43] = [
    ('\\', r"\textbackslash{}"),
    ('~', r"\textasciitilde{}"),
    ('^', r"\textasciicircum{}"),
    ('<', r"$<$"),
    ('>', r"$>$"),
    ('|', r"$|$"),
    ('−', r"$-$"),
    ('×', r"$\times$"),
    ('·', r"$\cdot$"),
    ('±', r"$\pm$"),
    ('≤', r"$\leq$"),
    ('≥', r"$\geq$"),
    ('≠', r"$\neq$"),
    ('∞', r"$\infty$"),
    ('√', r"$\surd$"),
    ('→', r"$\to$"),
    ('∈', r"$\in$"),
    ('Σ', r"$\Sigma$"),
    ('Φ', r"$\Phi$"),
    ('²', r"$^2$"),
    ('³', r"$^3$"),
    ('₋', r"$_{-}$"),
    ('₁', r"$_1$"),
    ('₂', r"$_2$"),
    ('α', r"$\alpha$"),
    ('β', r"$\beta$"),
    ('γ', r"$\gamma$"),
    ('δ', r"$\delta$"),
    ('ε', r"$\varepsilon$"),
    ('η', r"$\eta$"),
    ('θ', r"$\theta$"),
    ('λ', r"$\lambda$"),
    ('μ', r"$\mu$"),
    ('π', r"$\pi$"),
    ('ρ', r"$\rho$"),
    ('σ', r"$\sigma$"),
    ('τ', r"$\tau$"),
    ('φ', r"$\varphi$"),
    ('χ', r"$\chi$"),
    ('ψ', r"$\psi$"),
    ('ω', r"$\omega$"),
    ('–', "--"),
    ('—', "---"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_characters_are_only_text_in_xml() {
        assert_eq!(xml(r#"<a b="c">&'"#), "&lt;a b=&quot;c&quot;&gt;&amp;&#39;");
        assert_eq!(xml("a\u{0}b"), "a\u{fffd}b");
    }

    #[test]
    fn every_special_of_latex_is_escaped() {
        assert_eq!(
            latex(r"R&D 5% $x_1 #{}~^\"),
            r"R\&D 5\% \$x\_1 \#\{\}\textasciitilde{}\textasciicircum{}\textbackslash{}"
        );
        assert_eq!(latex("σ² ≥ −ρ"), r"$\sigma$$^2$ $\geq$ $-$$\rho$");
        assert_eq!(latex("长沙市"), "长沙市");
    }

    #[test]
    fn a_bar_or_a_line_break_does_not_break_a_markdown_table() {
        assert_eq!(markdown("a|b\nc*_"), r"a\|b c\*\_");
    }
}
