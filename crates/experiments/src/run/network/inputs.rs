//! Suggests how to choose two inputs, for figures of the plane.

use crate::data::{Data, Encode};

/// Returns the suggestion as a clause; `names` are the inputs of the data. `None` if there are fewer than two.
pub(super) fn choice(data: &Data, names: &[String]) -> Option<String> {
    let [one, other, ..] = names else { return None };
    match data {
        // Inputs made of texts are not columns.
        Data::Csv(csv) if csv.encode != Encode::None => {
            Some("choose two columns of numbers with `features` in [data.csv]".into())
        }
        Data::Csv(_) => {
            let list = serde_json::to_string(&[one, other]).ok()?.replace("\",\"", "\", \"");
            Some(format!("choose two columns in [data.csv]: features = {list}"))
        }
        Data::Mat(mat) => Some(format!("save two columns in MATLAB: {0} = {0}(:, [1 2]);", mat.x)),
        _ => None,
    }
}
