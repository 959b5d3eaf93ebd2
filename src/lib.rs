//! Cumulative steroid exposure after CAR T-cell therapy, with anakinra beside it, for ward pharmacists.
//!
//! The rooms, from the facts to the window. A room uses only those above it; a test reads the `use` lines and fails when
//! one does not.
//!
//! | room | what it is for |
//! |---|---|
//! | [`record`] | what happened: amounts, drugs, routes, times, entries, and the fold of entries into a chart |
//! | [`exposure`] | what it means: conversion tables, what counts, totals, curve, landmarks, the figure |
//! | [`safety`] | what to question before saving |
//! | [`store`] | where it is kept: the only room that touches record files |
//! | [`exchange`] | in and out: CSV in; JSON and CSV out; the invented demo ward |
//! | [`app`] | the running app: state, actions, update; knows no widget |
//! | [`ui`] | the window: one file per screen or panel |
//! | [`cli`] | the command line: one file per verb |
//!
//! `record`, `exposure` and `safety` are pure: no clock, no files, no widgets. Clock, dialogs and storage come in from
//! outside, so that everything above `app` is tested with a fixed time.
//!
//! Corticurve is not a certified medical device and gives no advice.

pub mod record;

pub mod exposure;

pub mod safety;

pub mod store;

pub mod exchange;

pub mod app;

pub mod ui;

pub mod cli;
