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

#[cfg(test)]
mod tests {
    use super::*;

    fn transaction(amounts: &[i64]) -> Transaction {
        let entries = amounts.iter().map(|minor_units| Entry {
            account: "1200 Acquirer".to_owned(),
            minor_units: *minor_units,
        });
        Transaction {
            id: Uuid::nil(),
            entries: entries.collect(),
        }
    }

    #[test]
    fn only_what_sums_to_zero_is_posted() {
        assert!(transaction(&[-4_990, 4_000, 990]).check().is_ok());
        assert!(transaction(&[-4_990, 4_989]).check().is_err());
        assert!(transaction(&[0]).check().is_err());
    }
}
