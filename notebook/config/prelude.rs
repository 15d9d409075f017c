use restudy::cell::{eprintln, format, println};
use restudy::show::Show as _;
restudy::cell::start();
