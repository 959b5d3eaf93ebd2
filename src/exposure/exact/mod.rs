//! Exact numbers: sums of doses, conversions and shares of infusions without any rounding.

mod shown;

use crate::record::Amount;
use std::cmp::Ordering;
use thiserror::Error;

/// A sum that is beyond what an [`Exact`] holds. It is reported, never wrapped or rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "the amounts are too large or too finely divided to be added exactly; check the doses for a wrong amount or infusion time"
)]
pub struct Overflow;

/// A fraction of whole numbers, kept exactly. In this room its unit is the milligram unless a
/// name says otherwise.
///
/// ```
/// use corticurve::exposure::Exact;
/// let third = Exact::new(1, 3);
/// assert_eq!(third.plus(third).unwrap().plus(third), Ok(Exact::whole(1)));
/// assert_eq!(Exact::new(375, 16).decimal(), "23.4375");
/// assert_eq!(Exact::new(200, 3).decimal(), "66.666667");
/// ```
///
/// **Limitations**: numerator and denominator are 128-bit, and in lowest terms only where they have to be. A denominator
/// grows only with the conversion table and with infusions that are cut by the edge of a day or window, so charts of
/// real patients stay far below the limit; beyond it every operation returns [`Overflow`].
#[derive(Debug, Clone, Copy)]
pub struct Exact {
    numerator: i128,
    /// Always positive.
    denominator: i128,
}

/// A denominator from which on a product is reduced at once, so that sums of such products have room.
const LONG: i128 = 1 << 62;

fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    i128::try_from(a).unwrap_or(1)
}

impl Exact {
    /// Zero.
    pub const ZERO: Self = Self::whole(0);

    /// A whole number. Source: design, section 2.
    ///
    /// ```
    /// # use corticurve::exposure::Exact;
    /// // Dexamethasone 10 mg every 6 hours, 8 times (clinical reference, section 1).
    /// assert_eq!(Exact::whole(10).times(Exact::whole(8)).unwrap().shown(2), "80");
    /// ```
    pub const fn whole(number: i128) -> Self {
        Self { numerator: number, denominator: 1 }
    }

    /// A fraction; a denominator of zero gives zero, which no caller asks for. With a negative denominator
    /// `i128::MIN`, which has no opposite, is taken as the next number. Source: design, section 2.
    ///
    /// ```
    /// # use corticurve::exposure::Exact;
    /// assert_eq!(Exact::new(523, 10).decimal(), "52.3");
    /// assert_eq!(Exact::new(3, -4), Exact::new(-3, 4));
    /// assert_eq!(Exact::new(4, 0), Exact::ZERO);
    /// ```
    pub const fn new(numerator: i128, denominator: i128) -> Self {
        match denominator {
            0 => Self::ZERO,
            ..0 => Self { numerator: numerator.saturating_neg(), denominator: denominator.saturating_neg() },
            _ => Self { numerator, denominator },
        }
    }

    /// An amount in milligrams. Source: design, section 2.
    ///
    /// ```
    /// # use corticurve::exposure::Exact;
    /// assert_eq!(Exact::milligrams("3.3 mg".parse().unwrap()), Exact::new(33, 10));
    /// assert_eq!(Exact::milligrams("500 mcg".parse().unwrap()), Exact::new(1, 2));
    /// ```
    pub fn milligrams(amount: Amount) -> Self {
        Self { numerator: i128::from(amount.micrograms()), denominator: 1000 }
    }

    /// The sum. Source: design, section 2.
    ///
    /// ```
    /// use corticurve::exposure::Exact;
    /// assert_eq!(Exact::new(9, 2).plus(Exact::new(3, 2)), Ok(Exact::whole(6)));
    /// ```
    ///
    /// # Errors
    /// [`Overflow`].
    #[inline]
    pub fn plus(self, other: Self) -> Result<Self, Overflow> {
        // Most doses share a denominator: nothing has to be made common then.
        if self.denominator == other.denominator
            && let Some(numerator) = self.numerator.checked_add(other.numerator)
        {
            return Ok(Self { numerator, ..self });
        }
        self.plus_made_common(other)
    }

    fn plus_made_common(self, other: Self) -> Result<Self, Overflow> {
        self.plus_as_written(other).or_else(|| self.reduced().plus_as_written(other.reduced())).ok_or(Overflow)
    }

    /// The sum over the smallest common denominator of the two as they are; `None` where that is too large.
    fn plus_as_written(self, other: Self) -> Option<Self> {
        let (a, b) = (self.denominator, other.denominator);
        let (scale_a, scale_b) = if a % b == 0 {
            (1, a / b)
        } else {
            let shared = gcd(a, b);
            (b / shared, a / shared)
        };
        let (left, right) = (self.numerator.checked_mul(scale_a)?, other.numerator.checked_mul(scale_b)?);
        Some(Self { numerator: left.checked_add(right)?, denominator: a.checked_mul(scale_a)? })
    }

    /// The same in lowest terms. Fractions are reduced only where they would not fit otherwise, and to be shown.
    pub(super) fn reduced(self) -> Self {
        let shared = gcd(self.numerator, self.denominator).max(1);
        Self { numerator: self.numerator / shared, denominator: self.denominator / shared }
    }

    /// The difference. Source: design, section 2.
    ///
    /// ```
    /// use corticurve::exposure::Exact;
    /// assert_eq!(Exact::whole(6).minus(Exact::new(3, 2)), Ok(Exact::new(9, 2)));
    /// ```
    ///
    /// # Errors
    /// [`Overflow`].
    pub fn minus(self, other: Self) -> Result<Self, Overflow> {
        self.plus(Self { numerator: other.numerator.checked_neg().ok_or(Overflow)?, ..other })
    }

    /// The product. Source: design, section 2.
    ///
    /// ```
    /// use corticurve::exposure::Exact;
    /// // 60 mg of prednisone.
    /// assert_eq!(Exact::whole(60).times(Exact::new(3, 20)), Ok(Exact::whole(9)));
    /// ```
    ///
    /// # Errors
    /// [`Overflow`].
    pub fn times(self, other: Self) -> Result<Self, Overflow> {
        let numerator = self.numerator.checked_mul(other.numerator);
        let denominator = self.denominator.checked_mul(other.denominator).filter(|denominator| *denominator < LONG);
        if let (Some(numerator), Some(denominator)) = (numerator, denominator) {
            return Ok(Self { numerator, denominator });
        }
        let (a, b) = (self.reduced(), other.reduced());
        let (left, right) = (gcd(a.numerator, b.denominator).max(1), gcd(b.numerator, a.denominator).max(1));
        let numerator = (a.numerator / left).checked_mul(b.numerator / right).ok_or(Overflow)?;
        let denominator = (a.denominator / right).checked_mul(b.denominator / left).ok_or(Overflow)?;
        Ok(Self { numerator, denominator })
    }

    /// The quotient; dividing by zero is an overflow. Source: design, section 2.
    ///
    /// ```
    /// use corticurve::exposure::{Exact, Overflow};
    /// let (dose, weight) = (Exact::whole(118), Exact::new(523, 10));
    /// assert_eq!(dose.over(weight).unwrap().shown(2), "2.26");
    /// assert_eq!(dose.over(Exact::ZERO), Err(Overflow));
    /// ```
    ///
    /// # Errors
    /// [`Overflow`].
    pub fn over(self, other: Self) -> Result<Self, Overflow> {
        match other.numerator {
            0 | i128::MIN => Err(Overflow),
            numerator => self.times(Self::new(other.denominator, numerator)),
        }
    }

    /// The sum of many. Source: design, section 2: sums of amounts never round.
    ///
    /// ```
    /// use corticurve::exposure::Exact;
    /// // 500 mg twice daily for 3 days, 250 for 2, 125 for 2: 4,500 mg (clinical reference, section 1).
    /// let doses = [500; 6].into_iter().chain([250; 4]).chain([125; 4]).map(Exact::whole);
    /// assert_eq!(Exact::sum(doses).unwrap().shown(2), "4,500");
    /// ```
    ///
    /// # Errors
    /// [`Overflow`].
    pub fn sum(parts: impl IntoIterator<Item = Self>) -> Result<Self, Overflow> {
        let mut sum = Sum::default();
        parts.into_iter().try_for_each(|part| sum.add(part))?;
        sum.total()
    }

    /// The nearest multiple of one part in so many; of two equally near ones the even.
    pub(super) fn rounded_to(self, parts: i128) -> Result<Self, Overflow> {
        let Self { numerator, denominator } = self.times(Self::whole(parts))?;
        let (down, rest) = (numerator.div_euclid(denominator), numerator.rem_euclid(denominator));
        let up = match rest.cmp(&(denominator - rest)) {
            Ordering::Less => 0,
            Ordering::Equal => down.rem_euclid(2),
            Ordering::Greater => 1,
        };
        Ok(Self::new(down.checked_add(up).ok_or(Overflow)?, parts))
    }

    /// Whether it is zero. Source: design, section 2.
    ///
    /// ```
    /// # use corticurve::exposure::Exact;
    /// let (dose, milligram) = (Exact::new(1, 1000), Exact::whole(1));
    /// assert!(Exact::ZERO.is_zero() && milligram.minus(Exact::new(20, 20)).unwrap().is_zero());
    /// assert!(!dose.is_zero(), "1 mcg is a dose");
    /// ```
    pub const fn is_zero(self) -> bool {
        self.numerator == 0
    }

    /// Whether it is more than zero. Source: design, section 2.
    ///
    /// ```
    /// # use corticurve::exposure::Exact;
    /// assert!(Exact::new(1, 1000).is_positive(), "1 mcg is a dose");
    /// assert!(!Exact::ZERO.is_positive() && !Exact::whole(4).minus(Exact::whole(6)).unwrap().is_positive());
    /// ```
    pub const fn is_positive(self) -> bool {
        self.numerator > 0
    }
}

/// A sum that is still growing. Numbers that share a denominator are added to each other, so that nothing has to be made
/// common for each of a thousand doses of three drugs.
#[derive(Debug, Default)]
pub(super) struct Sum {
    parts: Vec<Exact>,
}

/// Denominators that are kept apart: one for each drug of a usual chart. Cut infusions bring others without end.
const KEPT_APART: usize = 4;

impl Sum {
    #[inline]
    pub(super) fn add(&mut self, number: Exact) -> Result<(), Overflow> {
        let room = self.parts.len() < KEPT_APART;
        let same = self.parts.iter().position(|part| part.denominator == number.denominator);
        match self.parts.get_mut(same.unwrap_or(0)) {
            Some(part) if same.is_some() || !room => *part = part.plus(number)?,
            _ => self.parts.push(number),
        }
        Ok(())
    }

    pub(super) fn total(self) -> Result<Exact, Overflow> {
        self.parts.into_iter().try_fold(Exact::ZERO, Exact::plus)
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Exact {}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact {
    /// Compares whole parts first, then the remainders turned over: a continued fraction, which cannot overflow.
    fn cmp(&self, other: &Self) -> Ordering {
        if self.denominator == other.denominator {
            return self.numerator.cmp(&other.numerator);
        }
        let (mut a, mut b, mut c, mut d) = (self.numerator, self.denominator, other.numerator, other.denominator);
        let mut flipped = false;
        loop {
            let ordering = a.div_euclid(b).cmp(&c.div_euclid(d));
            let (rest_a, rest_c) = (a.rem_euclid(b), c.rem_euclid(d));
            let ordering = match (ordering, rest_a, rest_c) {
                (Ordering::Equal, 0, 0) => return Ordering::Equal,
                (Ordering::Equal, 0, _) => Ordering::Less,
                (Ordering::Equal, _, 0) => Ordering::Greater,
                (Ordering::Equal, ..) => {
                    (a, b, c, d) = (b, rest_a, d, rest_c);
                    flipped = !flipped;
                    continue;
                }
                (decided, ..) => decided,
            };
            return if flipped { ordering.reverse() } else { ordering };
        }
    }
}
