//! How much memory the worst inputs take.

use super::*;

/// What it is, how it is made, what reads it, and the most memory in MiB.
type Worst = (&'static str, fn() -> Vec<u8>, fn(&[u8]), u64);

/// The largest inputs and the worst that is known to fill them with, each with the most memory in MiB that reading it may
/// take beyond what the program has anyway.
const WORST: [Worst; 8] = [
    ("a segment of 4 MiB of the shortest entries", short_entries, read_segment, 64),
    ("a segment of 4 MiB of line ends", || vec![b'\n'; 4 << 20], read_segment, 64),
    ("a segment of 4 MiB in one line", || vec![b'x'; 4 << 20], read_segment, 64),
    (
        "a segment of 512 KiB of bad lines",
        || b"Entry(), //#0123456789abcdef\n".repeat((512 << 10) / 29),
        read_segment,
        64,
    ),
    (
        "settings of 1 MiB of brackets",
        || [b"[\n".to_vec(), b"(),".repeat(340_000), b"]\n".to_vec()].concat(),
        read_unit,
        32,
    ),
    ("settings of 400 KiB of tables", many_tables, read_unit, 32),
    ("a file of 2 MiB of the shortest rows", short_rows, read_csv, 64),
    (
        "a file of 2 MiB of commas",
        || [CSV_HEADER, &[vec![b','; 60_000], b"\n".to_vec()].concat().repeat(34)].concat(),
        read_csv,
        64,
    ),
];

const CSV_HEADER: &[u8] = b"mrn,given_at,drug,amount,unit\n";

fn short_entries() -> Vec<u8> {
    let entry = |number: u32| {
        format!(
            "Entry(id:\"{number:016}\",recorded_at:\"2026-03-13T09:00:00Z\",recorded_by:\"N\",workstation:\"\",\
             fact:Archived((reason:\"\"))),"
        )
    };
    let lines: Vec<String> = std::iter::once(HEADER.to_owned()).chain((0..28_000).map(entry)).collect();
    let file = sealed_lines(lines.iter().map(String::as_bytes));
    assert!(((3 << 20)..(4 << 20)).contains(&file.len()), "{}", file.len());
    file
}

fn many_tables() -> Vec<u8> {
    let table = |number: u32| {
        format!("(id:\"t{number}\",version:\"1\",source:\"s\",confirmed:true,equivalents:[(\"dexamethasone\",\"1\")]),")
    };
    let tables: String = (0..4_000).map(table).collect();
    format!("[(changed_at:\"2026-03-01T10:00:00Z\",changed_by:\"NK\",tables:[{tables}])]").into_bytes()
}

fn short_rows() -> Vec<u8> {
    let row = b"1,2026-03-13 09:00,dexamethasone,1,mg\n";
    [CSV_HEADER, &row.repeat(55_000)].concat()
}

fn read_segment(bytes: &[u8]) {
    drop(store_with(&[(SEGMENT, bytes)]).unwrap().read_all().unwrap());
}

fn read_unit(bytes: &[u8]) {
    drop(UnitHistory::of_files([("unit.ron", bytes)]));
}

fn read_csv(bytes: &[u8]) {
    let formulary = Formulary::shipped().unwrap();
    drop(import::read(bytes, "mar.csv", &Profile::named("generic").unwrap(), &formulary, now()));
}

/// The most memory that this process ever used, in KiB; `None` where the system does not tell.
fn most_memory() -> Option<u64> {
    let status = OsStorage.read(Path::new("/proc/self/status"), 0, 65_536).ok()?;
    let status = String::from_utf8(status).ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.split_whitespace().next()?.parse().ok()
}

const WHICH: &str = "CORTICURVE_FUZZ_WORST";

/// What the measured process does; for everybody else it is nothing.
#[test]
fn one_of_the_worst_inputs_in_a_process_of_its_own() {
    let Ok(which) = std::env::var(WHICH) else { return };
    let (_, make, read, _) = WORST[which.parse::<usize>().unwrap()];
    let bytes = make();
    let before = most_memory().unwrap();
    read(&bytes);
    println!("took {} KiB", most_memory().unwrap() - before);
}

#[test]
fn the_worst_inputs_take_no_more_memory_than_is_stated() {
    if most_memory().is_none() {
        println!("skipped: this system does not tell how much memory a process used");
        return;
    }
    let measure = |which: usize| {
        let own = std::env::current_exe().unwrap();
        let mut child = std::process::Command::new(own);
        child.args(["fuzz::memory::one_of_the_worst_inputs_in_a_process_of_its_own", "--exact", "--nocapture"]);
        let output = child.env(WHICH, which.to_string()).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let took = text.split_once("took ").and_then(|(_, rest)| rest.split_once(" KiB"));
        let took: u64 = took.unwrap_or_else(|| panic!("{text}")).0.parse().unwrap();
        let (what, _, _, most) = WORST[which];
        println!("{what}: {} MiB of {most}", took >> 10);
        assert!(took >> 10 <= most, "{what}: {} MiB and {most} are stated", took >> 10);
    };
    (0..WORST.len()).for_each(measure);
}
