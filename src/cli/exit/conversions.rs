//! Errors of the parts of the program as errors of a command. Each variant has its code in a match without a wildcard,
//! so that a new one needs a code to compile.

use std::io::ErrorKind::{AlreadyExists, IsADirectory, NotADirectory};

use miette::Report;

use super::{CliError, Exit};
use crate::{
    cli::Code,
    notebook::{NotebookCause, NotebookError},
    results::{
        ComputeError, ManifestError, RenderError,
        select::{SelectError, SelectKind},
    },
    run::RunError,
    spec::SpecError,
    store::{OwnerError, StoreError},
    sweep::{SelectTrialError, SelectTrialKind},
};

impl From<SpecError> for CliError {
    fn from(error: SpecError) -> Self {
        // The diagnostic quotes the file and escapes it itself.
        let codes = error.codes();
        Self { exit: Exit::Usage, report: Report::new(error), output_text: String::new(), codes }
    }
}

impl From<RunError> for CliError {
    fn from(error: RunError) -> Self {
        match &error {
            RunError::Source { code, .. } => Self::with_code(Exit::Usage, code, &error),
            RunError::Machine { code, .. } => Self::with_code(Exit::System, code, &error),
            RunError::Large { .. } => Self::new(Code::StudyTooLarge, error),
        }
    }
}

impl From<RenderError> for CliError {
    fn from(error: RenderError) -> Self {
        let code = match error {
            RenderError::Run(error) => return error.into(),
            RenderError::Figure { .. } => Code::FigureUndrawable,
            RenderError::NoDrawer => Code::FigureNoDrawer,
        };
        Self::new(code, error)
    }
}

impl From<ManifestError> for CliError {
    fn from(error: ManifestError) -> Self {
        let code = match error {
            ManifestError::Missing { .. } => Code::ManifestMissing,
            ManifestError::Malformed { .. } => Code::ManifestMalformed,
            ManifestError::Version { .. } => Code::ManifestVersion,
        };
        Self::new(code, error)
    }
}

impl From<ComputeError> for CliError {
    fn from(error: ComputeError) -> Self {
        let code = match error {
            ComputeError::Store(error) => return error.into(),
            ComputeError::Run(error) => return error.into(),
            ComputeError::Manifest(error) => return error.into(),
            ComputeError::Render(error) => return error.into(),
            ComputeError::Foreign { .. } => Code::MergeOtherStudy,
            ComputeError::Contradiction { .. } => Code::ManifestOtherResults,
        };
        Self::new(code, error)
    }
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::Io { source, .. } => match source.kind() {
                AlreadyExists | IsADirectory | NotADirectory => Code::StorePath,
                _ => Code::StoreIo,
            },
            StoreError::Link { .. } => Code::StoreLink,
            StoreError::Busy { .. } => Code::StoreBusy,
            StoreError::Owner(OwnerError::Other { .. }) => Code::OwnerOther,
            StoreError::Owner(OwnerError::Contradiction { .. }) => Code::OwnerContradiction,
            StoreError::Owner(OwnerError::Malformed { .. }) => Code::OwnerMalformed,
            StoreError::Owner(OwnerError::Title { .. }) => Code::OwnerTitle,
            StoreError::Owner(OwnerError::Foreign { .. }) => Code::OwnerForeign,
            StoreError::Newer { .. } => Code::StoreNewer,
            StoreError::Disagreement { .. } => Code::StoreDisagreement,
            StoreError::Unfit { .. } => Code::StoreUnfit,
        };
        Self::new(code, error)
    }
}

impl From<NotebookError> for CliError {
    fn from(error: NotebookError) -> Self {
        let code = match error {
            NotebookError::File(error) => return error.into(),
            NotebookError::Other { cause, .. } => match cause {
                NotebookCause::Missing => Code::NotebookMissing,
                NotebookCause::TooLarge => Code::NotebookTooLarge,
                NotebookCause::Malformed => Code::NotebookMalformed,
                NotebookCause::Format => Code::NotebookFormat,
                NotebookCause::Language => Code::NotebookLanguage,
                NotebookCause::Parameters => Code::NotebookParameters,
                NotebookCause::NoKernel => Code::NotebookNoKernel,
                NotebookCause::NoHome => Code::NotebookNoHome,
                NotebookCause::NoSources => Code::NotebookNoSources,
                NotebookCause::Build => Code::NotebookBuild,
                NotebookCause::Driver => Code::NotebookDriver,
            },
        };
        Self::new(code, error)
    }
}

fn code_of_setting(kind: SelectTrialKind) -> Code {
    match kind {
        SelectTrialKind::Syntax => Code::SettingSyntax,
        SelectTrialKind::UnknownSetting => Code::SettingUnknown,
        SelectTrialKind::SeveralSettings => Code::SettingSeveral,
        SelectTrialKind::NoTrial => Code::TrialUnknown,
        SelectTrialKind::SeveralTrials => Code::TrialSeveral,
        SelectTrialKind::Fold => Code::TrialFold,
    }
}

impl From<SelectTrialError> for CliError {
    fn from(error: SelectTrialError) -> Self {
        Self::usage(code_of_setting(error.kind), &error, &error.help)
    }
}

impl From<SelectError> for CliError {
    fn from(error: SelectError) -> Self {
        let code = match error.kind() {
            SelectKind::Setting(kind) => code_of_setting(kind),
            SelectKind::TooShort => Code::RunTooShort,
            SelectKind::NoRun => Code::RunUnknown,
            SelectKind::SeveralRuns => Code::RunSeveral,
        };
        Self::new(code, error)
    }
}
