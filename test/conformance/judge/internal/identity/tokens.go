package identity

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"ambit.dev/conformance/judge/internal/cases"
)

// Every issuer signs with the trusted key; a token that is not valid is signed with the other.
var trusted, other = newKey(), newKey()

func newKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

// JWKS is the key set that verifies valid tokens.
func JWKS() string {
	exponent := big.NewInt(int64(trusted.E)).Bytes()
	return fmt.Sprintf(`{"keys":[{"kty":"RSA","kid":"judge","alg":"RS256","use":"sig","n":"%s","e":"%s"}]}`, encode(trusted.N.Bytes()), encode(exponent))
}

// WithKeys puts the judge's keys where an object says so.
func WithKeys(object json.RawMessage) json.RawMessage {
	return bytes.ReplaceAll(object, []byte(`"jwks":"JUDGE"`), []byte(`"jwks":`+strconv.Quote(JWKS())))
}

// Sign makes the token that a request describes.
func Sign(token *cases.Token) (string, error) {
	payload, err := json.Marshal(claims(token))
	if err != nil {
		return "", err
	}
	text := encode([]byte(`{"alg":"RS256","kid":"judge","typ":"JWT"}`)) + "." + encode(payload)
	key := trusted
	if !token.Valid {
		key = other
	}
	digest := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
	return text + "." + encode(signature), err
}

func encode(bytes []byte) string { return base64.RawURLEncoding.EncodeToString(bytes) }

func claims(token *cases.Token) map[string]any {
	out := map[string]any{
		"iss": token.Issuer,
		"iat": time.Now().Add(-time.Hour).Unix(),
		"exp": time.Now().Add(time.Hour).Unix(),
	}
	if token.Subject != "" {
		out["sub"] = token.Subject
	}
	if token.Presenter != "" {
		out["azp"] = token.Presenter
	}
	if len(token.Audiences) > 0 {
		out["aud"] = oneOrList(token.Audiences)
	}
	for path, values := range token.Claims {
		place(out, strings.Split(path, "."), oneOrList(values))
	}
	return out
}

func oneOrList[T any](values []T) any {
	if len(values) == 1 {
		return values[0]
	}
	return values
}

func place(into map[string]any, path []string, value any) {
	if len(path) == 1 {
		into[path[0]] = value
		return
	}
	inner, ok := into[path[0]].(map[string]any)
	if !ok {
		inner = map[string]any{}
		into[path[0]] = inner
	}
	place(inner, path[1:], value)
}
