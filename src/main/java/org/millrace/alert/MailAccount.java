package org.millrace.alert;

import java.util.List;
import java.util.Optional;

/**
 * How notices go by e-mail.
 *
 * @param from the address of the sender
 * @param to the addresses of those who are told
 */
public record MailAccount(Server server, Optional<Login> login, String from, List<String> to) {

  /** How the connection to the mail server is kept secret. */
  public enum Secrecy {
    /** It begins in plain text and goes on in TLS; a server that does not is not used. */
    STARTTLS,
    /** TLS from the beginning. */
    TLS,
    /** Not at all. */
    NONE
  }

  /** Where mail is handed in. */
  public record Server(String host, int port, Secrecy secrecy) {}

  /** As whom, where the server asks for it. */
  public record Login(String user, String password) {

    /** Without the password. */
    @Override
    public String toString() {
      return "Login[" + user + "]";
    }
  }
}
