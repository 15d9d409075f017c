//! Time.
use crate::ops::{Add, AddAssign, Div, Mul, Sub, SubAssign};

pub struct Duration(u64);
impl Clone for Duration {}
impl Copy for Duration {}
impl Default for Duration {}
impl Duration {
    pub const ZERO: Duration = Duration(0);
    pub const MAX: Duration = Duration(0);
    pub const fn new(seconds: u64, nanoseconds: u32) -> Duration;
    pub const fn from_secs(seconds: u64) -> Duration;
    pub const fn from_millis(milliseconds: u64) -> Duration;
    pub const fn from_micros(microseconds: u64) -> Duration;
    pub const fn from_nanos(nanoseconds: u64) -> Duration;
    pub fn from_secs_f64(seconds: f64) -> Duration;
    pub const fn is_zero(&self) -> bool;
    pub const fn as_secs(&self) -> u64;
    pub const fn as_millis(&self) -> u128;
    pub const fn as_micros(&self) -> u128;
    pub const fn as_nanos(&self) -> u128;
    pub const fn subsec_millis(&self) -> u32;
    pub const fn subsec_nanos(&self) -> u32;
    pub const fn as_secs_f64(&self) -> f64;
    pub const fn as_secs_f32(&self) -> f32;
    pub const fn checked_sub(self, other: Duration) -> Option<Duration>;
    pub const fn saturating_sub(self, other: Duration) -> Duration;
    pub fn mul_f64(self, factor: f64) -> Duration;
    pub fn div_f64(self, divisor: f64) -> Duration;
}
impl Add for Duration {
    type Output = Duration;
}
impl Sub for Duration {
    type Output = Duration;
}
impl AddAssign for Duration {}
impl SubAssign for Duration {}
impl Mul<u32> for Duration {
    type Output = Duration;
}
impl Mul<Duration> for u32 {
    type Output = Duration;
}
impl Div<u32> for Duration {
    type Output = Duration;
}

pub struct Instant(());
impl Clone for Instant {}
impl Copy for Instant {}
impl Instant {
    pub fn now() -> Instant;
    pub fn elapsed(&self) -> Duration;
    pub fn duration_since(&self, earlier: Instant) -> Duration;
    pub fn checked_add(&self, duration: Duration) -> Option<Instant>;
}
impl Add<Duration> for Instant {
    type Output = Instant;
}
impl Sub<Duration> for Instant {
    type Output = Instant;
}
impl Sub<Instant> for Instant {
    type Output = Duration;
}

pub struct SystemTime(());
pub const UNIX_EPOCH: SystemTime = SystemTime(());
impl Clone for SystemTime {}
impl Copy for SystemTime {}
impl SystemTime {
    pub const UNIX_EPOCH: SystemTime = SystemTime(());
    pub fn now() -> SystemTime;
    pub fn elapsed(&self) -> Result<Duration, SystemTimeError>;
    pub fn duration_since(&self, earlier: SystemTime) -> Result<Duration, SystemTimeError>;
}

pub struct SystemTimeError(());
impl crate::fmt::Debug for SystemTimeError {}
impl crate::fmt::Display for SystemTimeError {}
impl crate::error::Error for SystemTimeError {}
