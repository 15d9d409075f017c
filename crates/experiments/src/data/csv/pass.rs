//! One pass over the rows: collects values and labels, and counts fields that cannot be used.

use std::collections::BTreeMap;

use csv::StringRecord;

use super::{
    super::{
        Dataset,
        file::{self, Dropped, Input, Points, error},
    },
    Csv, DataError, Missing, classes,
    columns::{Column, Kind, is_missing},
    dropped, faults, texts,
    header::{Header, without_names},
    labels::{Class, Labels},
    strict,
    table::Text,
    words::{leave_out, listed},
};

pub(super) struct Pass<'a> {
    pub csv: &'a Csv,
    pub text: &'a Text<'a>,
    pub header: &'a Header,
    pub columns: Vec<Column>,
    pub labels: Labels<'a>,
    /// Row by row a value for each column; NaN for a field without one.
    pub x: Vec<f64>,
    /// Rows of points, including those that are left out.
    pub rows: u64,
    /// Rows that are left out because they lack a value.
    pub incomplete: u64,
    /// Whether the name of the label is a label: then the first line may be a row.
    is_label: bool,
    /// The byte at which the line of names occurs again.
    repeated_names: Option<usize>,
    /// The fields of the first line that occur again.
    repeats: strict::Repeats,
}

impl<'a> Pass<'a> {
    /// Reads all rows; `kinds` are those of the columns.
    pub fn over(csv: &'a Csv, text: &'a Text<'a>, header: &'a Header, kinds: Vec<Kind>) -> Result<Self, DataError> {
        let columns = header.inputs.iter().zip(kinds).map(|(input, kind)| Column::new(input, kind)).collect();
        let labels = Labels::of(csv);
        let repeats = strict::Repeats::of(&header.first);
        let mut pass =
            Self { csv, text, header, columns, labels, x: Vec::new(), rows: 0, incomplete: 0, is_label: false, repeated_names: None, repeats };
        let mut is_name = header.is_named;
        text.records(|record, place| if std::mem::take(&mut is_name) { Ok(()) } else { pass.row(record, place) })?;
        pass.require_names()?;
        Ok(pass)
    }

    /// The setting that leaves out these columns; `None` if no column would remain or the line is too long.
    pub fn leave_out(&self, names: &[&str]) -> Option<String> {
        let all: Vec<&str> = self.columns.iter().map(|column| column.name.as_str()).collect();
        if names.len() < all.len() { leave_out(self.csv, names, &all) } else { None }
    }

    fn row(&mut self, record: &StringRecord, place: usize) -> Result<(), DataError> {
        self.require_width(record, place)?;
        self.rows += 1;
        if self.header.is_named {
            self.repeats.note(record);
        }
        let label = &record[self.header.label];
        if label == self.csv.label && self.header.is_named {
            let is_names = record.iter().eq(&self.header.first) && record.iter().all(|field| field.parse::<f64>().is_err());
            match is_names {
                true => self.repeated_names = self.repeated_names.or(Some(place)),
                false => self.is_label = true,
            }
        }
        let class = self.labels.class(label);
        let drops = self.csv.missing == Missing::Drop;
        match class {
            Class::Other => {
                self.labels.other(label);
                return Ok(());
            }
            Class::Missing if !drops => {
                self.labels.missing.note(place, label);
                return Ok(());
            }
            _ => {}
        }
        if drops && (class == Class::Missing || self.columns.iter().any(|column| is_missing(&record[column.place]))) {
            self.incomplete += 1;
            if class != Class::Missing {
                self.labels.drop_row(label);
            }
            for column in self.columns.iter_mut().filter(|column| is_missing(&record[column.place])) {
                column.dropped += 1;
            }
            return Ok(());
        }
        self.labels.take(class, label, place);
        let comma = self.text.comma;
        for column in &mut self.columns {
            let value = column.value(&record[column.place], place, comma);
            self.x.push(value);
        }
        if self.x.len() > file::MOST_NUMBERS {
            let message = format!("{} has more than {} numbers", self.text.file, file::MOST_NUMBERS);
            return Err(error("data.csv.too-large", message, "Take a sample of the rows."));
        }
        Ok(())
    }

    fn require_width(&self, record: &StringRecord, place: usize) -> Result<(), DataError> {
        let width = self.header.width;
        if record.len() == width {
            return Ok(());
        }
        let usual = format!("Give every row a field for each column; a field with {} in it needs quotes.", self.text.mark());
        let row_names = "If these are row names of R, write the table with write.csv(table, file, row.names = FALSE); numbers are written with a \
                         point: 0.5.";
        // Tables of scikit-learn begin with the counts of rows and inputs, and the names of the classes.
        let first: Vec<Option<usize>> = self.header.first.iter().take(2).map(|field| field.parse().ok()).collect();
        let is_counts = self.rows == 0 && matches!(first[..], [Some(_), Some(inputs)] if inputs + 1 == record.len());
        let counts = format!(
            "If the first line gives the numbers of rows and columns, remove it, and set header = false and label = \"x{}\".",
            record.len()
        );
        let (code, help) = match record.len() == width + 1 {
            _ if is_counts => ("data.csv.ragged", counts),
            true if record.iter().next_back() == Some("") => {
                ("data.csv.trailing-comma", format!("Remove {} at the end of the rows: the first line has none.", self.text.mark()))
            }
            true if self.rows == 0 => ("data.csv.row-names", row_names.to_owned()),
            _ => ("data.csv.ragged", usual),
        };
        let message = format!("{}: {} fields where the first line has {width}", self.text.at(place), record.len());
        Err(error(code, message, help))
    }

    /// Refuses a first line that is a row, and a repeated line of names.
    fn require_names(&self) -> Result<(), DataError> {
        let fields: Vec<&str> = self.header.first.iter().map(String::as_str).collect();
        let is_value = |column: &Column| column.has_name || column.name.parse::<f64>().is_ok();
        let is_text = |column: &Column| column.has_name && column.name.parse::<f64>().is_err();
        let are_values = || self.columns.iter().all(is_value) && self.columns.iter().any(is_text);
        // A number may occur in several fields.
        let label = Some(self.header.label).filter(|place| fields[*place].parse::<f64>().is_err());
        let is_row = || strict::is_row_of_labels(&fields, self.header.label) || are_values();
        if self.header.is_named && self.is_label && is_row() {
            let file = self.text.file;
            let message =
                format!("{file}, line 1 looks like a row, not like names: \"{}\" is a label in other rows", self.csv.label);
            return Err(error("data.csv.row-as-header", message, without_names(self.csv, &fields, label)));
        }
        if let (Some(place), false) = (self.repeated_names, self.is_label) {
            let message = format!("{}: the line of names occurs here again", self.text.at(place));
            let help = format!("Remove this line. If it is a row: {}", without_names(self.csv, &fields, label));
            return Err(error("data.csv.names-again", message, help));
        }
        if self.header.is_named && self.repeats.is_row() {
            let message = format!(
                "{}, line 1 looks like a row, not like names: of its texts, {} occur again in their own columns",
                self.text.file,
                listed(&self.repeats.texts())
            );
            return Err(error("data.csv.row-as-header", message, without_names(self.csv, &fields, label)));
        }
        Ok(())
    }

    /// The kinds of the columns if some of them turned out to be texts; else empty.
    pub fn categories(&self) -> Result<Vec<Kind>, DataError> {
        let comma = self.text.comma;
        let marked = texts::marked(self);
        if self.columns.iter().any(|column| column.kind == Kind::Open) && !marked.is_empty() {
            return Err(texts::texts_for_numbers(self, &marked, true));
        }
        let found: Vec<Option<Kind>> = self.columns.iter().map(|column| column.found(comma)).collect();
        let many: Vec<&Column> =
            self.columns.iter().zip(&found).filter(|(_, kind)| kind.is_none()).map(|(column, _)| column).collect();
        if !many.is_empty() {
            return Err(texts::many_texts(self, &many));
        }
        let kinds: Vec<Kind> = found.into_iter().flatten().collect();
        let is_new = self.columns.iter().zip(&kinds).any(|(column, kind)| column.kind == Kind::Open && *kind != Kind::Number);
        Ok(if is_new { kinds } else { Vec::new() })
    }

    /// Makes the points; `expected` are the inputs that they must have.
    pub fn points(self, expected: Option<&[Input]>) -> Result<Points, DataError> {
        faults::require_values(&self, expected.is_none())?;
        let file = self.text.file;
        let names = faults::require_labels(&self, expected.is_none())?;
        dropped::require_kept(&self, expected.is_none())?;
        let lost = classes::lost(&self, expected.is_none())?;
        let Self { csv, text, header, columns, labels, x, rows, incomplete, .. } = self;
        let (other, without) = (labels.others(), labels.without);
        let y = labels.signs(text, &csv.label)?;
        if rows == 0 {
            let message = match header.is_named {
                true => format!("{file} has no rows below its first line"),
                false => format!("{file} has no rows"),
            };
            return Err(error("data.csv.no-rows", message, "Add a row for each point."));
        }
        let inputs = expected.map_or_else(|| inputs(csv, &columns), <[Input]>::to_vec);
        let width = columns.len();
        if inputs.len().saturating_mul(y.len()) > file::MOST_NUMBERS {
            let message = format!("{file} gives more than {} numbers", file::MOST_NUMBERS);
            return Err(error("data.csv.too-large", message, "Take a sample of the rows."));
        }
        let plain = inputs.len() == width && inputs.iter().all(|input| matches!(input, Input::Number(_)));
        let x = if plain { x } else { spread(&x, &columns, &inputs) };
        let mut dropped = Vec::new();
        if other > 0 {
            dropped.push(Dropped { why: "another label".into(), rows: other });
        }
        if without > 0 {
            dropped.push(Dropped { why: "no label".into(), rows: without });
        }
        if incomplete > 0 {
            dropped.push(Dropped { why: "a missing value".into(), rows: incomplete });
        }
        let data = Dataset { d: inputs.len(), x, y };
        Ok(Points { inputs, data, rows, labels: names, unused: header.unused.clone(), dropped, lost, how: text.how() })
    }
}

fn inputs(csv: &Csv, columns: &[Column]) -> Vec<Input> {
    let of_column = |column: &Column| match &column.kind {
        Kind::Category(texts) => texts.iter().map(|text| Input::Category { column: column.name.clone(), text: text.clone() }).collect(),
        _ => vec![Input::Number(column.name.clone())],
    };
    let mut inputs: Vec<Input> = columns.iter().flat_map(of_column).collect();
    if csv.missing == Missing::Indicator {
        let gaps = columns.iter().filter(|column| column.missing.count > 0);
        inputs.extend(gaps.map(|column| Input::Gap(column.name.clone())));
    }
    inputs
}

/// Expands the values of columns to the inputs of all points.
fn spread(x: &[f64], columns: &[Column], inputs: &[Input]) -> Vec<f64> {
    let place_of: BTreeMap<&str, usize> = columns.iter().enumerate().map(|(place, column)| (column.name.as_str(), place)).collect();
    let of_gap = |input: &Input| if let Input::Gap(name) = input { place_of.get(name.as_str()).copied() } else { None };
    let gaps: Vec<usize> = inputs.iter().filter_map(of_gap).collect();
    let mut values = Vec::with_capacity(x.len() / columns.len() * inputs.len());
    for row in x.chunks(columns.len()) {
        for (value, column) in row.iter().zip(columns) {
            match &column.kind {
                Kind::Category(texts) if value.is_nan() => values.extend(texts.iter().map(|_| f64::NAN)),
                Kind::Category(texts) => values.extend((0..texts.len()).map(|place| f64::from(u8::from(*value == place as f64)))),
                _ => values.push(*value),
            }
        }
        values.extend(gaps.iter().map(|place| f64::from(u8::from(row[*place].is_nan()))));
    }
    values
}
