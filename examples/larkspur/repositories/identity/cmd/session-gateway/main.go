package main

import (
	"log/slog"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"

	"github.com/redis/go-redis/v9"

	"github.com/larkspur/identity/internal/sessions"
)

func main() {
	upstream, err := url.Parse(os.Getenv("UPSTREAM_URL"))
	if err != nil {
		slog.Error("UPSTREAM_URL is not a URL", "error", err)
		os.Exit(1)
	}
	store := sessions.NewStore(redis.NewClient(&redis.Options{Addr: os.Getenv("REDIS_ADDR")}))
	proxy := httputil.NewSingleHostReverseProxy(upstream)

	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Authorization")
		if cookie, err := r.Cookie("larkspur_session"); err == nil {
			if token, err := store.Token(r.Context(), cookie.Value); err == nil {
				r.Header.Set("Authorization", "Bearer "+token)
			}
		}
		proxy.ServeHTTP(w, r)
	})
	if err := http.ListenAndServe(":8080", handler); err != nil {
		slog.Error("the server stopped", "error", err)
		os.Exit(1)
	}
}
