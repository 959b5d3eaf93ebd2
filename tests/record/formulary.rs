//! The list of drugs, and how a word or another system's text finds one of them.

use super::says;
use corticurve::record::{Class, DrugId, Formulary};
use std::collections::BTreeMap;

fn shipped() -> Formulary {
    Formulary::shipped().unwrap()
}

#[test]
fn the_shipped_list_has_the_drugs_of_the_design() {
    let list = shipped();
    let shown: Vec<&str> = list.drugs().iter().map(|drug| drug.shown.as_str()).collect();
    for name in [
        "dexAMETHasone",
        "methylPREDNISolone",
        "predniSONE",
        "prednisoLONE",
        "hydroCORTISone",
        "betamethasone",
        "triamcinolone",
        "cortisone",
        "deflazacort",
        "anakinra",
        "fludrocortisone",
    ] {
        assert!(shown.contains(&name), "{name}");
    }
    let class = |id: &str| list.class(&DrugId::new(id));
    assert_eq!(class("fludrocortisone"), Some(Class::Mineralocorticoid));
    assert_eq!(class("anakinra"), Some(Class::Anakinra));
    assert_eq!(class("dexamethasone"), Some(Class::Glucocorticoid));
    assert_eq!(class("tocilizumab"), None);
}

#[test]
fn every_name_belongs_to_one_drug_and_finds_it() {
    let list = shipped();
    let mut owners: BTreeMap<&str, &DrugId> = BTreeMap::new();
    for drug in list.drugs() {
        assert_eq!(drug.shown.to_lowercase(), drug.id.as_str(), "shown and id differ in more than case");
        for name in std::iter::once(drug.id.as_str()).chain(drug.synonyms.iter().map(String::as_str)) {
            assert_eq!(name, name.to_lowercase().trim(), "names are in small letters");
            assert_eq!(owners.insert(name, &drug.id), None, "{name} stands twice");
            assert_eq!(list.find(name).map(|found| &found.id), Ok(&drug.id), "{name}");
            assert_eq!(list.find(&name.to_uppercase()).map(|found| &found.id), Ok(&drug.id), "{name}");
            assert_eq!(list.named_in(name).map(|found| &found.id), Some(&drug.id), "{name}");
        }
    }
}

#[test]
fn a_drug_is_found_by_any_beginning_that_only_it_has() {
    let list = shipped();
    for (word, id) in [
        ("dex", "dexamethasone"),
        ("Dexa", "dexamethasone"),
        ("decad", "dexamethasone"),
        ("meth", "methylprednisolone"),
        ("solu-m", "methylprednisolone"),
        ("prednisol", "prednisolone"),
        ("prednison", "prednisone"),
        ("hydro", "hydrocortisone"),
        ("cortisol", "hydrocortisone"),
        ("cortison", "cortisone"),
        ("ana", "anakinra"),
        ("kin", "anakinra"),
        ("flud", "fludrocortisone"),
        ("bet", "betamethasone"),
        ("decortin", "prednisone"),
    ] {
        assert_eq!(list.find(word).map(|drug| drug.id.as_str()), Ok(id), "{word}");
    }
}

#[test]
fn a_beginning_that_several_drugs_have_is_asked() {
    for (word, parts) in [
        ("pred", &["'pred' could be predniSONE or prednisoLONE", "more of the name"][..]),
        ("predniso", &["predniSONE or prednisoLONE"]),
        ("solu", &["methylPREDNISolone or hydroCORTISone"]),
        ("cort", &["hydroCORTISone or cortisone"]),
        ("d", &["dexAMETHasone", "predniSONE", "deflazacort"]),
        ("decorti", &["predniSONE or prednisoLONE"]),
        ("celesto", &[]),
    ] {
        match shipped().find(word) {
            Ok(drug) => assert!(parts.is_empty(), "{word} gave {}", drug.id),
            Err(error) => says(&error.to_string(), parts),
        }
    }
}

#[test]
fn an_unknown_drug_is_named_with_those_that_are_known() {
    for word in ["tocilizumab", "10", "", "dexx", "asone"] {
        says(
            &shipped().find(word).unwrap_err().to_string(),
            &["not a drug recorded here", "dexAMETHasone", "anakinra"],
        );
    }
}

#[test]
fn the_texts_of_a_hospitals_chart_name_their_drug() {
    // Every medication of the MIMIC-IV demo record, and others as hospitals write them.
    for (text, id) in [
        ("Dexamethasone", Some("dexamethasone")),
        ("Fludrocortisone Acetate", Some("fludrocortisone")),
        ("Fosaprepitant", None),
        ("Hydrocortisone (Rectal) 2.5% Cream", Some("hydrocortisone")),
        ("MethylPREDNISolone Sodium Succ", Some("methylprednisolone")),
        ("Methylprednisolone", Some("methylprednisolone")),
        ("Nystatin-Triamcinolone Cream", Some("triamcinolone")),
        ("Ondansetron", None),
        ("PredniSONE", Some("prednisone")),
        ("PrednisoLONE Acetate 1% Ophth. Susp.", Some("prednisolone")),
        ("Triamcinolone Acetonide 0.025% Cream", Some("triamcinolone")),
        ("Triamcinolone Acetonide 0.1% Cream", Some("triamcinolone")),
        ("Dexamethasone Sodium Phosphate 4 mg/mL", Some("dexamethasone")),
        ("SOLU-MEDROL 1 g", Some("methylprednisolone")),
        ("solu cortef", Some("hydrocortisone")),
        ("Decortin 20 mg", Some("prednisone")),
        ("Decortin H 20 mg", Some("prednisolone")),
        ("Decortin-H 20 mg", Some("prednisolone")),
        ("Kineret (anakinra) 100 mg", Some("anakinra")),
        ("Dexamethasone / hydrocortisone", None),
        ("Dexamethasone Sodium Phosphate / hydrocortisone", None),
        ("Decortin or Decortin H", None),
        ("Antidexamethasone", None),
        ("", None),
    ] {
        assert_eq!(shipped().named_in(text).map(|drug| drug.id.as_str()), id, "{text}");
    }
}

#[test]
fn a_drug_that_is_not_in_the_list_is_shown_by_its_id() {
    assert_eq!(shipped().shown(&DrugId::new("vamorolone")), "vamorolone");
}
