//! Stable codes of the mistakes in a specification, for programs that read `--json` and for the reference
//! `docs/errors.md`.

use std::fmt;

/// Declares the codes with their texts and meanings; `docs/errors.md` lists the same.
macro_rules! codes {
    ($($name:ident = $text:literal: $meaning:literal,)+) => {
        /// The kind of a mistake in a specification. The texts are stable: `spec.unknown-key`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $meaning] $name,)+
        }

        impl Code {
            /// All codes, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// Returns the text of the code.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// Describes the mistake in a sentence.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning,)+ }
            }
        }
    };
}

codes! {
    Unreadable = "spec.unreadable": "The file does not exist, is a folder or a device, or may not be read.",
    TooLarge = "spec.too-large": "The file is larger than 16 MB.",
    NotUtf8 = "spec.not-utf8": "The text of the file is not UTF-8.",
    StudyName = "spec.study-name": "The name of the file cannot be the name of a study.",
    Syntax = "spec.syntax": "The text is not TOML.",
    DuplicateKey = "spec.duplicate-key": "A key or a section stands in the file twice.",
    Set = "spec.set": "`--set` of the command line is not `key=value`, or leads into a value.",
    MissingSection = "spec.missing-section": "A section that every specification of the experiment needs is missing.",
    UnknownSection = "spec.unknown-section": "There is no section of this name.",
    MissingKey = "spec.missing-key": "A setting that has no default is missing.",
    UnknownKey = "spec.unknown-key": "There is no setting of this name in its section.",
    UnknownName = "spec.unknown-name": "The name is none of those that the setting has.",
    NoChoice = "spec.no-choice": "One of several tables is needed, and none is named.",
    SeveralChoices = "spec.several-choices": "One of several tables is needed, and more than one is named.",
    WrongType = "spec.wrong-type": "The value is of another type than its setting: a text in place of a number.",
    InvalidValue = "spec.invalid-value": "The setting cannot have this value: a number out of range, a list with repetitions.",
    TooLong = "spec.too-long": "A text or a key has more characters than it may have.",
    HomeFolder = "spec.home-folder": "A path begins with `~`, which is another folder for every reader.",
    UnknownExperiment = "spec.unknown-experiment": "The program does not have the experiment, or not in this version.",
    Declaration = "spec.declaration": "The declaration of the experiment is missing from a results folder, or was changed.",
    LostSettings = "spec.lost-settings": "The experiment does not write the settings that it has read, so that no identity would have them.",
    TooManyRuns = "spec.too-many-runs": "The study asks for more than 1,000,000 runs, values or seeds.",
    Memory = "spec.memory": "Texts and lists, repeated in every trial, would fill the memory.",
    AxisUnknown = "spec.axis.unknown": "A key of `[sweep]` is neither the path of a setting nor one of its other keys.",
    AxisUnquoted = "spec.axis.unquoted": "The path of an axis stands without quotes.",
    AxisGroup = "spec.axis.group": "The path of an axis leads to a group or a list, not to a single value.",
    AxisOtherData = "spec.axis.other-data": "An axis is a setting of another data set than that of the study.",
    AxisFolds = "spec.axis.folds": "An axis is the number of folds of a cross-validation, which all trials share.",
    AxisEmpty = "spec.axis.empty": "An axis has no values.",
    AxisStep = "spec.axis.step": "A range has `step`, the distance of its values, in place of `steps`, their number.",
    AxisRange = "spec.axis.range": "A range cannot be spaced: too few or too many steps, equal ends, or an end that its scale cannot have.",
    AxisRepeated = "spec.axis.repeated": "An axis has a value twice, or two trials of a `zip` are the same.",
    NotAnAxis = "spec.not-an-axis": "`zip` or `exclude` names a setting that is not swept.",
    SeedsRepeated = "spec.seeds.repeated": "A seed is listed twice.",
    ZipRepeated = "spec.zip.repeated": "`zip` names an axis twice.",
    ZipUnequal = "spec.zip.unequal": "Axes of a `zip` have different numbers of values.",
    ExcludeEmpty = "spec.exclude.empty": "An exclusion has no value, so that it would match every trial.",
    ExcludeUnmatched = "spec.exclude.unmatched": "An exclusion matches no trial.",
    ExcludeAll = "spec.exclude.all": "The exclusions match every trial.",
    ExcludeValue = "spec.exclude.value": "The exclusions leave no trial with one of the values of an axis.",
    ExcludeMany = "spec.exclude.many": "There are too many exclusions to compare with every trial.",
    RandomMissing = "spec.random.missing": "Values are to be drawn, and `random` does not say how often.",
    RandomAxes = "spec.random.axes": "`random` has no axis to draw from.",
    RandomBounds = "spec.random.bounds": "Values cannot be drawn between these bounds, or the setting is not a number.",
    RandomMany = "spec.random.many": "There are fewer different trials than `random` is to draw.",
    RandomZip = "spec.random.zip": "`zip` stands beside `random`, which draws every axis on its own.",
    ConfirmAll = "spec.confirm.all": "`confirm` leaves no trial out, so that there is nothing to choose.",
    ConfirmSeeds = "spec.confirm.seeds": "Seeds of `confirm` are among `seeds`, which choose the trials.",
    FigureName = "spec.figure.name": "A figure cannot have this name, which is that of its file.",
    FigureMany = "spec.figure.many": "The study asks for more than 1,000 figures.",
    FigureUnfit = "spec.figure.unfit": "A figure asks for what the study does not have: a metric, an axis, a value, two inputs.",
    FigureUndrawn = "spec.figure.undrawn": "The program draws no figures.",
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
