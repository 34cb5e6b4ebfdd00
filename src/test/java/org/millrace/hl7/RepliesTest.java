package org.millrace.hl7;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.HapiContext;
import ca.uhn.hl7v2.model.Message;
import ca.uhn.hl7v2.model.v251.message.ACK;
import ca.uhn.hl7v2.parser.CanonicalModelClassFactory;
import ca.uhn.hl7v2.validation.impl.ValidationContextFactory;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepliesTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-20T12:00:00Z"), ZoneOffset.UTC);
  private static final V2Fault NO_QRD8 =
      V2Fault.at(
          V2Location.component("QRD", 1, 8, 1, 9),
          ErrorCode.UNKNOWN_KEY,
          "The authority is not known");
  private static final V2Fault DOWN =
      V2Fault.of(ErrorCode.INTERNAL, "Cerner does not answer").withDiagnostic("call 17");

  private final Replies replies = new Replies(CLOCK, ZoneId.of("Europe/Berlin"), () -> "OURS1");

  private static V2Message query(String version) throws V2FormatException {
    return V2Message.read(
        ("MSH|^~\\&|LAB&x^1.2^ISO|NORTH^9^DNS|MR^3.4^ISO|HUB|20261120||QRY^A19|Q\\T\\7|D^T|"
                + version
                + "|4||AL|AL|DEU|8859/1\rQRD|1|R|I|Q1|||1^RD|4711|DEM\r")
            .getBytes(ISO_8859_1));
  }

  private static String text(byte[] reply) {
    return new String(reply, ISO_8859_1).replace('\r', '\n');
  }

  /** Default validation of the 2.5.1 structures, the strictest reader a sender may have. */
  private static Message judged(byte[] reply) {
    try (HapiContext context = new DefaultHapiContext()) {
      context.setModelClassFactory(new CanonicalModelClassFactory("2.5.1"));
      context.setValidationContext(ValidationContextFactory.defaultValidation());
      return context.getPipeParser().parse(new String(reply, UTF_8));
    } catch (HL7Exception | IOException refusal) {
      throw new AssertionError("HAPI refuses the reply", refusal);
    }
  }

  @Test
  void anAcceptEchoesTheHeaderWhole() throws V2FormatException {
    byte[] reply = replies.accept(query("2.5.1"), AckCode.AA);

    assertThat(text(reply))
        .isEqualTo(
            "MSH|^~\\&|MR^3.4^ISO|HUB|LAB&x^1.2^ISO|NORTH^9^DNS|20261120130000+0100||ACK^A19^ACK|OURS1"
                + "|D^T|2.5.1||||||8859/1\nMSA|AA|Q\\T\\7\n");
    assertThat(judged(reply)).isInstanceOf(ACK.class);
  }

  @Test
  void eachFaultHasItsErrorSegment() throws V2FormatException {
    byte[] reply = replies.refuse(query("2.5.1"), AckCode.AE, List.of(NO_QRD8, DOWN));

    assertThat(text(reply))
        .endsWith(
            "MSA|AE|Q\\T\\7|The authority is not known\n"
                + "ERR||QRD^1^8^1^9|204^Unknown key identifier^HL70357|E||||The authority is not known\n"
                + "ERR|||207^Application internal error^HL70357|E|||call 17|Cerner does not answer\n");
    assertThat(((ACK) judged(reply)).getERRReps()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.3.1", "2.4"})
  void sendersBefore25GetTheOldErrorForm(String version) throws V2FormatException {
    byte[] reply = replies.refuse(query(version), AckCode.AE, List.of(NO_QRD8, DOWN));

    assertThat(text(reply))
        .contains("||ACK^A19^ACK|OURS1|D^T|" + version)
        .endsWith(
            "MSA|AE|Q\\T\\7|The authority is not known\n"
                + "ERR|QRD^1^8^204&Unknown key identifier~^^^207&Application internal error\n");
    judged(reply);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.1", "2.2", "2.3"})
  void sendersUpTo23GetATypeOfTwoComponents(String version) throws V2FormatException {
    assertThat(text(replies.accept(query(version), AckCode.AA))).contains("||ACK^A19|OURS1|");
    judged(replies.accept(query(version), AckCode.AA));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.5", "2.6", "2.7", "2.8", "2.8.1"})
  void laterVersionsGetTheNewForm(String version) throws V2FormatException {
    byte[] reply = replies.refuse(query(version), AckCode.AR, List.of(DOWN));

    assertThat(text(reply)).contains("|D^T|" + version + "|").contains("ERR|||207^");
    judged(reply);
  }

  @Test
  void theReplyUsesTheSendersDelimitersAndCharset() throws V2FormatException {
    V2Message received =
        V2Message.read("MSH$%*!@$M\u00FC$N$$$$$ORU%R01$7$P$2.5.1".getBytes(ISO_8859_1));

    byte[] reply =
        replies.refuse(
            received, AckCode.AE, List.of(V2Fault.of(ErrorCode.DATA_TYPE, "5$ & 10% @\u00E9")));

    assertThat(text(reply))
        .startsWith(
            "MSH$%*!@$$$M\u00FC$N$20261120130000+0100$$ACK%R01%ACK$OURS1$P$2.5.1\nMSA$AE$7$5!F! & 10!S! !T!\u00E9\n");
  }

  @Test
  void aMessageWithoutVersionOrModeGetsAReadableReply() throws V2FormatException {
    byte[] reply = replies.accept(V2Message.read("MSH|^~\\&|A".getBytes(UTF_8)), AckCode.AR);

    assertThat(text(reply)).contains("||ACK|OURS1|P|2.5.1\nMSA|AR\n");
  }

  @Test
  void longSentencesAreCutWhereTheFieldEnds() throws V2FormatException {
    V2Fault longWinded =
        V2Fault.of(ErrorCode.INTERNAL, "x".repeat(79) + "\uD83D\uDE00" + "y".repeat(300));

    byte[] reply = replies.refuse(query("2.5.1"), AckCode.AE, List.of(longWinded));

    V2Message read = V2Message.read(reply);
    assertThat(read.value("MSA-3")).isEqualTo("x".repeat(79));
    assertThat(read.value("ERR-8")).hasSize(250);
    judged(reply);
  }

  @Test
  void unreadableBytesGetAMinimalReject() throws V2FormatException {
    byte[] reply =
        replies.refuseUnreadable("hello".getBytes(UTF_8), "The bytes hold no MSH segment");

    assertThat(text(reply))
        .isEqualTo(
            "MSH|^~\\&|MILLRACE||||20261120130000+0100||ACK|OURS1|P|2.5.1\n"
                + "MSA|AR||The bytes hold no MSH segment\n"
                + "ERR||MSH^1|100^Segment sequence error^HL70357|E||||The bytes hold no MSH segment\n");
    judged(reply);
  }

  @Test
  void aResponseOfAnotherTypeGoesOnWithItsOwnSegments() throws V2FormatException {
    V2Message query = query("2.5.1");
    V2Writer writer = replies.start(query, "ADR", "A19", "ADR_A19", AckCode.AA, List.of());
    writer.segment("QAK").set(1, "Q1").set(2, "NF");
    writer.echo(query.first("QRD").orElseThrow().rawBytes());

    assertThat(text(writer.bytes()))
        .contains("||ADR^A19^ADR_A19|")
        .endsWith("MSA|AA|Q\\T\\7\nQAK|Q1|NF\nQRD|1|R|I|Q1|||1^RD|4711|DEM\n");
  }

  @Test
  void repliesOfOthersAreJudgedByMsa() {
    assertThat(Replies.judge("MSH|^~\\&|A\rMSA|AE|C\\T\\1|no".getBytes(UTF_8)))
        .contains(new Replies.Acknowledged("AE", "C&1", "no"));
    assertThat(Replies.judge("MSH|^~\\&|A\rPID|1".getBytes(UTF_8))).isEmpty();
    assertThat(Replies.judge("junk".getBytes(UTF_8))).isEmpty();
  }

  @Test
  void controlIdsAreShortAndNeverAlikeAlsoAfterARestart() {
    Set<String> seen = new HashSet<>();
    for (int start = 0; start < 20; start++) {
      ControlIds ids = new ControlIds(CLOCK);
      for (int i = 0; i < 1000; i++) {
        String id = ids.get();
        assertThat(id).matches("[A-Z0-9]{13,20}");
        assertThat(seen.add(id)).isTrue();
      }
    }
  }
}
