package envoy

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"net"
	"strings"
	"time"
)

// Wire is how bytes come to a listener.
type Wire struct {
	Door Door
	// Source and Destination are the addresses of the connection before any proxy took it.
	Source      string
	Destination string
	Port        int
	// Identity is the SPIFFE identity of mutual TLS; empty is plaintext.
	Identity  string
	Protocols []string
	// ServerName is asked for in a handshake without a certificate of the client's; empty is plaintext.
	ServerName string
	// Tunnel is the authority of an HBONE tunnel in which the bytes are sent.
	Tunnel string
}

type wireKey string

func (w Wire) key() wireKey {
	return wireKey(fmt.Sprintf("%v|%s|%s|%d|%s|%s|%s|%s", w.Door, w.Source, w.Destination, w.Port, w.Identity, strings.Join(w.Protocols, ","), w.ServerName, w.Tunnel))
}

const patience = 5 * time.Second

// connection is an open wire.
type connection struct {
	net.Conn
	reader *bufio.Reader
	closer func()
}

func (c *connection) close() {
	if c.closer != nil {
		c.closer()
	}
	_ = c.Conn.Close()
}

// dial opens a wire, or says in a few words why it could not.
func (e *Envoy) dial(w Wire) (*connection, string) {
	port := e.doors[w.Door]
	if port == 0 {
		return nil, "no listener"
	}
	// The caller's own address, as rules about the direct peer look at the socket: every address is local here.
	dialer := net.Dialer{Timeout: patience, LocalAddr: &net.TCPAddr{IP: net.ParseIP(w.Source)}}
	raw, err := dialer.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return nil, "the connection was refused"
	}
	_ = raw.SetDeadline(time.Now().Add(patience))
	if _, err := raw.Write(proxyProtocol(w)); err != nil {
		_ = raw.Close()
		return nil, "the connection was closed"
	}
	if w.Identity == "" && w.ServerName == "" {
		return &connection{Conn: raw, reader: bufio.NewReader(raw)}, ""
	}
	secured, why := e.secure(raw, w)
	if secured == nil {
		_ = raw.Close()
		return nil, why
	}
	if w.Tunnel != "" {
		return tunnel(secured, w.Tunnel)
	}
	return &connection{Conn: secured, reader: bufio.NewReader(secured)}, ""
}

func (e *Envoy) secure(raw net.Conn, w Wire) (*tls.Conn, string) {
	// Every proxy of a case shows the same certificate: it is the client's that is judged.
	config := &tls.Config{InsecureSkipVerify: true, NextProtos: w.Protocols, ServerName: w.ServerName}
	if w.Identity != "" {
		certificate, err := e.Authority.Certificate(w.Identity)
		if err != nil {
			return nil, err.Error()
		}
		config.Certificates = []tls.Certificate{*certificate}
	}
	secured := tls.Client(raw, config)
	if err := secured.Handshake(); err != nil {
		return nil, "the TLS handshake failed"
	}
	return secured, ""
}

// proxyProtocol is a header of version 2 with the addresses as iptables would have left them.
func proxyProtocol(w Wire) []byte {
	source, destination := net.ParseIP(w.Source), net.ParseIP(w.Destination)
	family, from, to := byte(0x11), source.To4(), destination.To4()
	if from == nil || to == nil {
		family, from, to = 0x21, source.To16(), destination.To16()
	}
	const clientPort = 40000
	addresses := bytes.Join([][]byte{from, to, binary.BigEndian.AppendUint16(nil, clientPort), binary.BigEndian.AppendUint16(nil, uint16(w.Port))}, nil)
	header := []byte("\r\n\r\n\x00\r\nQUIT\n\x21")
	header = append(header, family)
	header = binary.BigEndian.AppendUint16(header, uint16(len(addresses)))
	return append(header, addresses...)
}
