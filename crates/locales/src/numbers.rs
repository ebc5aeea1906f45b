//! Numbers as a language writes them (CLDR 46, decimal patterns).

use crate::Language;

impl Language {
    /// The number with that many digits behind the decimal separator, and its thousands apart.
    pub fn number(self, value: f64, decimals: usize) -> String {
        let text = format!("{:.decimals$}", value.abs());
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let mut out = String::new();
        if value < 0.0 && text.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) {
            out.push('\u{2212}');
        }
        let grouped = whole.len() >= 3 + self.least_before_group();
        for (i, digit) in whole.chars().enumerate() {
            if grouped && i > 0 && (whole.len() - i).is_multiple_of(3) {
                out.push(self.group());
            }
            out.push(digit);
        }
        if decimals > 0 {
            out.push(self.decimal());
            out.push_str(fraction);
        }
        out
    }

    fn decimal(self) -> char {
        match self {
            Self::English | Self::Japanese => '.',
            _ => ',',
        }
    }

    fn group(self) -> char {
        match self {
            Self::English | Self::Japanese => ',',
            Self::Spanish | Self::Portuguese => '.',
            Self::French => '\u{202f}',
            Self::Russian => '\u{a0}',
        }
    }

    /// Digits that stand before the first separator at least: Spanish and Portuguese write 1000 together.
    fn least_before_group(self) -> usize {
        match self {
            Self::Spanish | Self::Portuguese => 2,
            _ => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_its_separators() {
        let written = |language: Language| language.number(1_234_567.891, 1);
        assert_eq!(
            Language::ALL.map(written),
            [
                "1,234,567.9",
                "1.234.567,9",
                "1\u{202f}234\u{202f}567,9",
                "1,234,567.9",
                "1.234.567,9",
                "1\u{a0}234\u{a0}567,9",
            ]
        );
        assert_eq!(Language::Spanish.number(1000.0, 0), "1000");
        assert_eq!(Language::English.number(1000.0, 0), "1,000");
        assert_eq!(Language::English.number(-0.04, 1), "0.0");
        assert_eq!(Language::English.number(-2.5, 1), "\u{2212}2.5");
        assert_eq!(Language::French.number(999.0, 0), "999");
    }
}
