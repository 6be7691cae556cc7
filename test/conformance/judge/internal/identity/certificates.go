// Package identity is the certificate authority of the mesh and the issuer of tokens.
package identity

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/url"
	"time"
)

// Authority signs certificates of workloads. It lives as long as the judge.
type Authority struct {
	key    *ecdsa.PrivateKey
	root   *x509.Certificate
	leaves map[string]*tls.Certificate
	serial int64
}

// SPIFFE is the identity of a service account.
func SPIFFE(trustDomain, namespace, serviceAccount string) string {
	return fmt.Sprintf("spiffe://%s/ns/%s/sa/%s", trustDomain, namespace, serviceAccount)
}

// NewAuthority makes a root that nobody else has.
func NewAuthority() (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{Organization: []string{"judge"}},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(365 * 24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, root, root, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	if root, err = x509.ParseCertificate(der); err != nil {
		return nil, err
	}
	return &Authority{key: key, root: root, leaves: map[string]*tls.Certificate{}, serial: 1}, nil
}

// Root is the root certificate in PEM.
func (a *Authority) Root() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.root.Raw})
}

// Certificate is the certificate of an identity, made when it is first asked for.
func (a *Authority) Certificate(id string) (*tls.Certificate, error) {
	if leaf := a.leaves[id]; leaf != nil {
		return leaf, nil
	}
	uri, err := url.Parse(id)
	if err != nil {
		return nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	a.serial++
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(a.serial), URIs: []*url.URL{uri},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(300 * 24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, a.root, &key.PublicKey, a.key)
	if err != nil {
		return nil, err
	}
	a.leaves[id] = &tls.Certificate{Certificate: [][]byte{der, a.root.Raw}, PrivateKey: key}
	return a.leaves[id], nil
}

// PEM is the chain and the key of an identity.
func (a *Authority) PEM(id string) (chain, key []byte, err error) {
	leaf, err := a.Certificate(id)
	if err != nil {
		return nil, nil, err
	}
	for _, der := range leaf.Certificate {
		chain = append(chain, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
	}
	der, err := x509.MarshalECPrivateKey(leaf.PrivateKey.(*ecdsa.PrivateKey))
	return chain, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}), err
}

// Throwaway is a chain and a key that nobody trusts.
func Throwaway() (chain, key []byte, err error) {
	authority, err := NewAuthority()
	if err != nil {
		return nil, nil, err
	}
	return authority.PEM(SPIFFE("judge.example", "judge", "throwaway"))
}
