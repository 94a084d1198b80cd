//! The only client of HTTP: what may be asked, how long it may take, and that no token leaves its host.
