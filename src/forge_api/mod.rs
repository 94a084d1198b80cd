//! What scaffolding asks forges to do, through their REST APIs.
