use super::Tables;

/// A function of the plane that a run has learned: the greater an output, the likelier class +1, with the probability
/// `1 / (1 + exp(-output))`.
pub trait Field {
    /// How many inputs it takes. Only a field of two can be drawn.
    fn inputs(&self) -> usize;

    /// Whether its output is finite everywhere.
    fn is_finite(&self) -> bool;

    /// The output at a point.
    fn output(&self, point: [f64; 2]) -> f64;

    /// The hidden units of the field, which are the cost of an output: a field with very many is sampled at fewer
    /// points.
    fn units(&self) -> usize {
        1
    }
}

/// Makes a field from the arrays that a run left behind, each with the name of its block in [`Tables::weights`] and in
/// the order of the table; nothing if they are not those of a field.
pub type Fields = dyn Fn(&[(&str, &[f64])]) -> Option<Box<dyn Field>> + Sync;

impl Tables<'_> {
    /// The value of [`Tables::fields`] where runs leave no field behind.
    pub const NO_FIELDS: &'static Fields = &|_| None;
}
