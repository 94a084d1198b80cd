module github.com/larkspur/inventory

go 1.25

require (
	github.com/go-chi/chi/v5 v5.2.3
	github.com/jackc/pgx/v5 v5.7.6
	github.com/twmb/franz-go v1.20.2
)
