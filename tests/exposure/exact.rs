//! The number that never rounds.

use corticurve::exposure::{Exact, Overflow};
use proptest::prelude::*;

/// A fraction in lowest terms: the plain way to do the same, for numbers that stay small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Fraction(i128, i128);

impl Fraction {
    fn reduced(numerator: i128, denominator: i128) -> Self {
        let (mut a, mut b) = (numerator.abs(), denominator.abs());
        while b != 0 {
            (a, b) = (b, a % b);
        }
        let sign = denominator.signum();
        Self(sign * numerator / a.max(1), sign * denominator / a.max(1))
    }

    fn exact(self) -> Exact {
        Exact::new(self.0, self.1)
    }
}

fn fractions() -> impl Strategy<Value = Fraction> {
    let denominators = prop_oneof![1..=60_i128, Just(1000), Just(3600), Just(-7), 1..100_000_i128];
    (-1_000_000..1_000_000_i128, denominators).prop_map(|(a, b)| Fraction::reduced(a, b))
}

proptest! {
    #[test]
    fn sums_products_and_order_agree_with_plain_fractions(a in fractions(), b in fractions()) {
        let (x, y) = (a.exact(), b.exact());
        let sum = Fraction::reduced(a.0 * b.1 + b.0 * a.1, a.1 * b.1);
        prop_assert_eq!(x.plus(y), Ok(sum.exact()));
        prop_assert_eq!(x.minus(y), Ok(Fraction::reduced(a.0 * b.1 - b.0 * a.1, a.1 * b.1).exact()));
        prop_assert_eq!(x.times(y), Ok(Fraction::reduced(a.0 * b.0, a.1 * b.1).exact()));
        prop_assert_eq!(x.cmp(&y), (a.0 * b.1).cmp(&(b.0 * a.1)));
        prop_assert_eq!(x == y, a == b);
        if b.0 == 0 {
            prop_assert_eq!(x.over(y), Err(Overflow));
        } else {
            prop_assert_eq!(x.over(y), Ok(Fraction::reduced(a.0 * b.1, a.1 * b.0).exact()));
            prop_assert_eq!(x.over(y).unwrap().times(y), Ok(x));
        }
    }

    #[test]
    fn adding_and_taking_away_gives_the_same_again(a in fractions(), b in fractions(), c in fractions()) {
        let (x, y, z) = (a.exact(), b.exact(), c.exact());
        prop_assert_eq!(x.plus(y).unwrap().minus(y), Ok(x));
        prop_assert_eq!(x.plus(y), y.plus(x));
        prop_assert_eq!(x.plus(y).unwrap().plus(z), x.plus(y.plus(z).unwrap()));
        prop_assert_eq!(x.times(y.plus(z).unwrap()), x.times(y).unwrap().plus(x.times(z).unwrap()));
    }

    #[test]
    fn a_decimal_that_ends_is_written_in_full(whole in 0..1_000_000_i128, micro in 0..1_000_000_i128) {
        let text = format!("{whole}.{micro:06}");
        let plain = text.trim_end_matches('0').trim_end_matches('.');
        prop_assert_eq!(Exact::new(whole * 1_000_000 + micro, 1_000_000).decimal(), plain);
    }

    #[test]
    fn a_decimal_that_does_not_end_is_off_by_at_most_half_a_millionth(a in fractions()) {
        let text = a.exact().decimal();
        let (sign, digits) = text.strip_prefix('-').map_or((1, text.as_str()), |rest| (-1, rest));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let scale = 10_i128.pow(u32::try_from(part.len()).unwrap());
        let read = sign * (whole.parse::<i128>().unwrap() * scale + part.parse::<i128>().unwrap_or(0));
        let off = (read * a.1 - a.0 * scale).abs();
        let ends = { let mut rest = a.1; while rest % 2 == 0 { rest /= 2; } while rest % 5 == 0 { rest /= 5; } rest == 1 };
        prop_assert!(if ends { off == 0 } else { part.len() <= 6 && off * 2_000_000 <= scale * a.1 }, "{} for {:?}", text, a);
    }

    #[test]
    fn no_numbers_make_it_panic_or_wrap(
        (a, b, c, d) in any::<(i128, i128, i128, i128)>(), (s, t) in (0..127_u32, 0..127_u32), places in 0..40_u32,
    ) {
        let (x, y) = (Exact::new(a >> s, b >> t), Exact::new(c >> t, d >> s));
        for result in [x.plus(y), x.minus(y), x.times(y), x.over(y), Exact::sum([x, y, x])].into_iter().flatten() {
            prop_assert!(result.to_plot().is_finite());
            prop_assert!(!result.shown(places).is_empty());
        }
        if let Ok(sum) = x.plus(y) {
            prop_assert_eq!(sum.cmp(&x), y.cmp(&Exact::ZERO));
        }
        prop_assert!(!x.decimal().contains(['e', 'N', 'i']), "{}", x.decimal());
        prop_assert_eq!(x.cmp(&y), y.cmp(&x).reverse());
    }
}

#[test]
fn decimals_are_half_even_at_six_places_where_they_do_not_end() {
    for (numerator, denominator, decimal) in [
        (0, 7, "0"),
        (1, 3, "0.333333"),
        (2, 3, "0.666667"),
        (-2, 3, "-0.666667"),
        (200, 3, "66.666667"),
        (1, 9_000_000, "0"),
        (-1, 9_000_000, "0"),
        (2_999_999, 3_000_000, "1"),
        (5, 2, "2.5"),
        (1, 1024, "0.0009765625"),
        (375, 16, "23.4375"),
        (1, 10_000_000, "0.0000001"),
        (6, -4, "-1.5"),
        (-6, -4, "1.5"),
        (7, 0, "0"),
    ] {
        assert_eq!(Exact::new(numerator, denominator).decimal(), decimal, "{numerator}/{denominator}");
    }
}

#[test]
fn what_is_shown_is_rounded_half_even_with_commas() {
    for (numerator, denominator, places, shown) in [
        (5, 1000, 2, "0.005"),
        (15, 1000, 2, "0.02"),
        (25, 1000, 2, "0.02"),
        (35, 1000, 2, "0.04"),
        (99_995, 1000, 2, "100"),
        (5, 2, 0, "2"),
        (7, 2, 0, "4"),
        (1_803, 1, 2, "1,803"),
        (1_234_567_891, 1000, 2, "1,234,567.89"),
        (-1_234_567, 1000, 2, "-1,234.57"),
        (-1, 1000, 2, "-0.001"),
        (1, 3_000_000, 2, "0.00000033"),
    ] {
        assert_eq!(Exact::new(numerator, denominator).shown(places), shown, "{numerator}/{denominator}");
    }
}

#[test]
fn numbers_at_the_end_of_their_type_are_compared_written_and_refused_exactly() {
    let (most, least) = (Exact::whole(i128::MAX), Exact::whole(i128::MIN));
    assert_eq!(most.decimal(), "170141183460469231731687303715884105727");
    assert_eq!(least.decimal(), "-170141183460469231731687303715884105728");
    assert!(least < most && Exact::new(1, i128::MAX) > Exact::ZERO);
    assert!(Exact::new(i128::MAX, i128::MAX - 1) > Exact::whole(1));
    assert_eq!(Exact::new(1, i128::MAX).decimal(), "0");
    assert_eq!(Exact::new(1, 1 << 126).decimal().len(), 128);
    assert_eq!(Exact::new(i128::MIN, i128::MIN).decimal(), "1");
    for overflow in [
        most.plus(Exact::whole(1)),
        least.minus(Exact::whole(1)),
        Exact::ZERO.minus(least),
        most.times(Exact::whole(2)),
        Exact::whole(1).over(least),
        Exact::new(1, i128::MAX).plus(Exact::new(1, i128::MAX - 1)),
        Exact::sum([most, most]),
    ] {
        assert_eq!(overflow, Err(Overflow));
    }
    assert!(Overflow.to_string().contains("check the doses"));
}
