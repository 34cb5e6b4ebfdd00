package org.millrace.alert;

import jakarta.mail.Address;
import jakarta.mail.Authenticator;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.millrace.journal.AlertNotice;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands notices to a mail server, one message for all receivers; taken is what the server takes for
 * any of them. Thread-safe.
 */
public final class MailWay implements NoticeWay {
  private static final Logger LOG = LoggerFactory.getLogger(MailWay.class);
  private static final String CONNECT_WITHIN_MS = "5000";
  private static final String ANSWER_WITHIN_MS = "15000";

  /** As RFC 5322 has it, in UTC; the library would take the zone of the machine. */
  private static final DateTimeFormatter SENT_AT =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.US).withZone(ZoneOffset.UTC);

  private final MailAccount account;
  private final NoticeText text;
  private final Clock clock;
  private final Session session;

  public MailWay(MailAccount account, NoticeText text, Clock clock) {
    this.account = account;
    this.text = text;
    this.clock = clock;
    this.session = Session.getInstance(properties(account), authenticator(account));
  }

  private static Properties properties(MailAccount account) {
    MailAccount.Server server = account.server();
    Properties properties = new Properties();
    properties.setProperty("mail.transport.protocol", "smtp");
    properties.setProperty("mail.smtp.host", server.host());
    properties.setProperty("mail.smtp.port", String.valueOf(server.port()));
    properties.setProperty("mail.smtp.auth", String.valueOf(account.login().isPresent()));
    properties.setProperty("mail.smtp.connectiontimeout", CONNECT_WITHIN_MS);
    properties.setProperty("mail.smtp.timeout", ANSWER_WITHIN_MS);
    properties.setProperty("mail.smtp.writetimeout", ANSWER_WITHIN_MS);
    properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
    properties.setProperty("mail.smtp.from", account.from());
    // An address that is no more must not keep the others from being told.
    properties.setProperty("mail.smtp.sendpartial", "true");
    // Named in the greeting; the library would look up the machine's own name.
    properties.setProperty("mail.smtp.localhost", "millrace");
    boolean starts = server.secrecy() == MailAccount.Secrecy.STARTTLS;
    properties.setProperty("mail.smtp.starttls.enable", String.valueOf(starts));
    properties.setProperty("mail.smtp.starttls.required", String.valueOf(starts));
    properties.setProperty(
        "mail.smtp.ssl.enable", String.valueOf(server.secrecy() == MailAccount.Secrecy.TLS));
    return properties;
  }

  private static Authenticator authenticator(MailAccount account) {
    return new Authenticator() {
      @Override
      protected PasswordAuthentication getPasswordAuthentication() {
        return account
            .login()
            .map(login -> new PasswordAuthentication(login.user(), login.password()))
            .orElseThrow();
      }
    };
  }

  @Override
  public String name() {
    return "mail";
  }

  @Override
  public void send(AlertNotice notice) throws IOException {
    try {
      MimeMessage message = new NumberedMessage(session, notice, account.from());
      message.setFrom(new InternetAddress(account.from()));
      for (String each : account.to()) {
        message.addRecipient(Message.RecipientType.TO, new InternetAddress(each));
      }
      message.setHeader("Date", SENT_AT.format(clock.instant()));
      message.setSubject(NoticeText.subject(notice), StandardCharsets.UTF_8.name());
      message.setText(text.body(notice), StandardCharsets.UTF_8.name());
      // No machine answers it, and none of those that are away.
      message.setHeader("Auto-Submitted", "auto-generated");
      Transport.send(message);
    } catch (SendFailedException inPart) {
      int taken = count(inPart.getValidSentAddresses());
      if (taken == 0) {
        throw new IOException("not taken: " + inPart.getClass().getSimpleName(), inPart);
      }
      // To send it again would tell those anew, each ten minutes.
      LOG.warn(
          "a mail of alert {} was taken for {} of {} receivers",
          notice.alert().id(),
          taken,
          account.to().size());
    } catch (MessagingException notTaken) {
      // Texts of servers may quote the login.
      throw new IOException("not taken: " + notTaken.getClass().getSimpleName(), notTaken);
    }
  }

  private static int count(Address @Nullable [] addresses) {
    return addresses == null ? 0 : addresses.length;
  }

  /** Has the same Message-ID each time it is sent, so that a receiver may know it again. */
  private static final class NumberedMessage extends MimeMessage {
    private final String id;

    NumberedMessage(Session session, AlertNotice notice, String from) {
      super(session);
      this.id =
          "<millrace-"
              + notice.alert().started().toEpochMilli()
              + "-"
              + notice.id()
              + from.substring(from.lastIndexOf('@'))
              + ">";
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", id);
    }
  }
}
