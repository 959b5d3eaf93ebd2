//! Exact numbers as decimals, and as positions on a picture.

use super::Exact;
use std::cmp::Ordering;

/// The most decimals that are looked through for the first digit of a small number.
const MOST_PLACES: u32 = 30;

impl Exact {
    /// The decimal, in full where it ends, else rounded half-even at six places. Never in exponent form.
    /// Source: design, section 9.
    ///
    /// ```
    /// use corticurve::exposure::Exact;
    /// assert_eq!(Exact::new(4500 * 3, 16).decimal(), "843.75");
    /// assert_eq!(Exact::new(200, 3).decimal(), "66.666667");
    /// ```
    pub fn decimal(self) -> String {
        let Self { numerator, denominator } = self.reduced();
        let ends = Self::places_to_end(denominator);
        Self::rounded(numerator, denominator, ends.unwrap_or(6))
    }

    /// The decimal for reading, rounded half-even to at most so many places, with commas between thousands. What would be
    /// nothing at so many places, and is not nothing, is told to two digits.
    /// Source: design, section 8.
    ///
    /// ```
    /// use corticurve::exposure::Exact;
    /// assert_eq!(Exact::new(2_000_001, 1000).shown(2), "2,000");
    /// assert_eq!(Exact::new(1, 8).shown(2), "0.12");
    /// // 0.25 mg of dexamethasone for 60 kg.
    /// assert_eq!(Exact::new(1, 240).shown(2), "0.0042");
    /// ```
    pub fn shown(self, places: u32) -> String {
        let at = |places| Self::rounded(self.numerator, self.denominator, places);
        let first = (places..=MOST_PLACES).find(|places| self.is_zero() || at(*places) != "0");
        let places = first.map_or(MOST_PLACES, |first| if first > places { first + 1 } else { places });
        crate::record::decimal::grouped(&at(places))
    }

    /// The decimal for reading: in full where it ends within four places, as doses and their equivalents do, else
    /// rounded half-even to two. Source: design, section 8.
    ///
    /// ```
    /// use corticurve::exposure::Exact;
    /// assert_eq!(Exact::new(2727, 16).brief(), "170.4375");
    /// assert_eq!(Exact::new(200, 3).brief(), "66.67");
    /// ```
    pub fn brief(self) -> String {
        let ends = Self::places_to_end(self.reduced().denominator);
        self.shown(ends.filter(|places| *places <= 4).unwrap_or(2))
    }

    /// How many decimals the fraction has, where they end.
    fn places_to_end(denominator: i128) -> Option<u32> {
        let (mut rest, mut twos, mut fives) = (denominator, 0, 0);
        while rest % 2 == 0 {
            (rest, twos) = (rest / 2, twos + 1);
        }
        while rest % 5 == 0 {
            (rest, fives) = (rest / 5, fives + 1);
        }
        (rest == 1).then_some(twos.max(fives))
    }

    /// Long division, digit by digit, so that no intermediate number can overflow.
    fn rounded(numerator: i128, denominator: i128, places: u32) -> String {
        let divisor = denominator.unsigned_abs();
        let (mut whole, mut rest) = (numerator.unsigned_abs() / divisor, numerator.unsigned_abs() % divisor);
        let mut digits: Vec<u8> = Vec::new();
        for _ in 0..places {
            let mut digit = 0;
            // Ten times the remainder could overflow; adding it ten times with a reduction each cannot.
            let mut next = 0_u128;
            for _ in 0..10 {
                let room = divisor - next;
                if rest >= room {
                    (next, digit) = (rest - room, digit + 1);
                } else {
                    next += rest;
                }
            }
            digits.push(digit);
            rest = next;
        }
        let odd = digits.last().map_or(whole % 2 == 1, |digit| digit % 2 == 1);
        let half = rest.cmp(&(divisor - rest));
        if half == Ordering::Greater || (half == Ordering::Equal && odd) {
            let carried = digits.iter_mut().rev().all(|digit| {
                *digit = (*digit + 1) % 10;
                *digit == 0
            });
            whole += u128::from(carried);
        }
        let fraction: String = digits.iter().map(|digit| char::from(b'0' + digit)).collect();
        let fraction = fraction.trim_end_matches('0');
        let zero = whole == 0 && fraction.is_empty();
        let sign = if numerator < 0 && !zero { "-" } else { "" };
        if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
    }

    /// The nearest binary number, for positions on a picture only; never added up or shown as digits.
    /// Source: design, section 2.
    ///
    /// ```
    /// # use corticurve::exposure::Exact;
    /// // 1,000 mg of methylPREDNISolone (clinical reference, section 1).
    /// assert_eq!(Exact::whole(1000).times(Exact::new(3, 16)).unwrap().to_plot(), 187.5);
    /// ```
    #[allow(clippy::cast_precision_loss, reason = "a picture needs no more than a pixel's precision")]
    pub fn to_plot(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }
}
