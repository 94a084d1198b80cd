use uuid::Uuid;

pub struct Entry {
    pub account: String,
    pub minor_units: i64,
}

pub struct Transaction {
    pub id: Uuid,
    pub entries: Vec<Entry>,
}

impl Transaction {
    pub fn check(&self) -> anyhow::Result<()> {
        anyhow::ensure!(
            self.entries.len() >= 2,
            "a transaction has at least two entries"
        );
        let sum: i64 = self.entries.iter().map(|entry| entry.minor_units).sum();
        anyhow::ensure!(sum == 0, "the entries sum to {sum}, not to zero");
        Ok(())
    }
}
