//! The program `restudy`: see [`restudy::cli`].

fn main() -> std::process::ExitCode {
    restudy::cli::main()
}
