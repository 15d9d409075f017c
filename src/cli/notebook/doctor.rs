use clap::Args;
use serde_json::json;

use crate::{
    cli::{CliError, Command, Common, Exit, text},
    notebook::{doctor::examine, home::Home},
};

/// List what notebooks need, what is installed, and how to get the rest.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Doctor {}

const EXAMPLES: &str = "\
Exit codes:
  0  the kernel has all it needs
  2  something required is missing

Example:
  restudy notebook doctor";

impl Command for Doctor {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let findings = examine(&Home::find()?);
        let sound = findings.iter().all(|finding| finding.found.is_some() || !finding.needed);
        if common.json() {
            let list: Vec<_> = findings
                .iter()
                .map(|f| json!({ "what": f.what, "found": f.found, "needed": f.needed, "remedy": f.remedy, "path": f.path }))
                .collect();
            text::say_json(json!({ "sound": sound, "findings": list }));
        } else if !common.quiet || !sound {
            for finding in &findings {
                let mark = match (&finding.found, finding.needed) {
                    (Some(_), _) => "ok     ",
                    (None, true) => "MISSING",
                    (None, false) => "absent ",
                };
                text::say(format!("{mark}  {:18} {}", finding.what, finding.found.as_deref().unwrap_or(finding.purpose)));
                if finding.found.is_none() {
                    text::say(format!("{:29}{}", "", finding.remedy));
                }
            }
        }
        Ok(if sound { Exit::Done } else { Exit::Usage })
    }
}
