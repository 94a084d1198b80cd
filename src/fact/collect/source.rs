//! A source that is ready to be asked.

use super::{Answer, AskContext, Connection, Connector, Target, TargetRequest};

/// A source that is ready to be asked.
pub trait Source: Sync {
    /// The name, as `--source` has it, and that of the source in the ledger.
    fn name(&self) -> &str;

    /// Whom it asks; what asks the same host shares the number of its requests at a time.
    fn host(&self) -> String;

    /// What there is to ask, in a fixed order.
    fn targets(&self, request: &TargetRequest<'_>) -> Vec<Target>;

    /// Asks for one target. What arrived before a failure is part of the answer.
    fn ask(&self, target: &Target, context: &AskContext<'_>) -> Answer;

    /// A text of the source without anything secret.
    fn redact(&self, text: &str) -> String;
}

/// A connector with its connection.
pub struct Connected {
    /// What is asked, and how.
    pub connector: &'static Connector,
    /// Where, and with which token.
    pub connection: Connection,
}

impl Source for Connected {
    fn name(&self) -> &str {
        self.connector.name
    }

    fn host(&self) -> String {
        self.connection.host()
    }

    fn targets(&self, request: &TargetRequest<'_>) -> Vec<Target> {
        (self.connector.targets)(request)
    }

    fn ask(&self, target: &Target, context: &AskContext<'_>) -> Answer {
        (self.connector.ask)(&self.connection, target, context)
    }

    fn redact(&self, text: &str) -> String {
        self.connection.redact(text)
    }
}
