//! The configuration, from environment variables.

use std::error::Error;
use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Duration;

use tracing::Level;

/// What can be set from outside. `docs/operations.md` lists the variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// `ADDRESS`: where the service listens.
    pub address: SocketAddr,
    /// `LOG_LEVEL`: the least important level that is logged.
    pub log_level: Level,
    /// `LOG_FORMAT`: how a line of the log looks.
    pub log_format: LogFormat,
    /// `SHUTDOWN_GRACE_SECONDS`: how long requests may go on after the signal to stop.
    pub shutdown_grace: Duration,
}

/// How a line of the log looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object, for machines.
    Json,
    /// Text, for people.
    Text,
}

/// Everything that is wrong with the configuration, one text for each variable.
#[derive(Debug, PartialEq, Eq)]
pub struct ConfigError(Vec<String>);

impl Config {
    /// Reads the variables that `lookup` finds; what is not set has a default.
    ///
    /// # Errors
    /// When a variable has a value that cannot be used. Names all of them, not only the first.
    pub fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut reading = Reading {
            lookup,
            problems: Vec::new(),
        };
        let every_address = SocketAddr::from(([0, 0, 0, 0], 8080));
        let config = Self {
            address: reading.value("ADDRESS", every_address, "an address with a port"),
            log_level: reading.value("LOG_LEVEL", Level::INFO, "a level, such as info"),
            log_format: reading.value("LOG_FORMAT", LogFormat::Json, "json or text"),
            shutdown_grace: Duration::from_secs(reading.value(
                "SHUTDOWN_GRACE_SECONDS",
                10,
                "a number of seconds",
            )),
        };
        if reading.problems.is_empty() {
            Ok(config)
        } else {
            Err(ConfigError(reading.problems))
        }
    }
}

/// Variables while they are read.
struct Reading<Lookup> {
    lookup: Lookup,
    problems: Vec<String>,
}

impl<Lookup: Fn(&str) -> Option<String>> Reading<Lookup> {
    fn value<T: FromStr>(&mut self, name: &str, default: T, expected: &str) -> T {
        let Some(text) = (self.lookup)(name) else {
            return default;
        };
        text.parse().unwrap_or_else(|_| {
            let problem = format!("{name} must be {expected}, not \"{text}\"");
            self.problems.push(problem);
            default
        })
    }
}

impl FromStr for LogFormat {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "json" => Ok(Self::Json),
            "text" => Ok(Self::Text),
            _ => Err(()),
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.join("\n"))
    }
}

impl Error for ConfigError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::read(|name| {
            let found = variables.iter().find(|(variable, _)| *variable == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn everything_has_a_default() {
        let config = read(&[]).unwrap();
        assert_eq!(config.address.port(), 8080);
        assert_eq!(config.log_format, LogFormat::Json);
    }

    #[test]
    fn variables_replace_defaults() {
        let config = read(&[("ADDRESS", "127.0.0.1:9000"), ("LOG_LEVEL", "debug")]).unwrap();
        assert_eq!(config.address, SocketAddr::from(([127, 0, 0, 1], 9000)));
        assert_eq!(config.log_level, Level::DEBUG);
    }

    #[test]
    fn all_problems_are_named_at_once() {
        let error = read(&[("ADDRESS", "here"), ("LOG_FORMAT", "xml")]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "ADDRESS must be an address with a port, not \"here\"\n\
             LOG_FORMAT must be json or text, not \"xml\""
        );
    }
}
