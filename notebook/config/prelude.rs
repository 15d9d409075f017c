use restudy::cell::{eprintln, println};
restudy::cell::start();
