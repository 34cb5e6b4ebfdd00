package org.millrace.rest;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millrace.guard.Need;
import org.millrace.guard.Needs;
import org.millrace.guard.OwnScope;

/**
 * HL7 v2 over HTTP: one message in, its reply out, always 200 when the body could be taken at all,
 * or 204 when its sender asks for no reply; the reply's MSA says whether the message was accepted.
 *
 * <p>The bytes go on as received: the charset is found by MSH-18 as on MLLP, whatever parameter the
 * Content-Type carries, because senders set one and write the other.
 */
final class Hl7OverHttp implements RestHandler {
  /** Where a route mounts this handler. */
  static final String MOUNT = "/hl7";

  /** What its callers must be allowed. */
  static final Needs NEEDS = Needs.of(Need.of(OwnScope.HL7));

  private final MessageReplies dispatcher;

  Hl7OverHttp(MessageReplies dispatcher) {
    this.dispatcher = dispatcher;
  }

  @Override
  public Needs needs(RestRequest request) {
    return NEEDS;
  }

  @Override
  public RestAnswer handle(RestRequest request) {
    if (!request.path().isEmpty()) {
      return refuse(Refusal.of(RefusalReason.NOT_SERVED, "messages are posted to " + MOUNT));
    }
    if (!request.method().equals("POST")) {
      return refuse(Refusal.methodNotAllowed(request.method(), List.of("POST")));
    }
    String type = request.header("content-type").orElse("");
    if (!MediaTypes.essence(type).equals(MediaTypes.HL7_V2) || !keepsAscii(type)) {
      return refuse(
          Refusal.of(
              RefusalReason.UNSUPPORTED_MEDIA_TYPE,
              "a body of Content-Type "
                  + MediaTypes.HL7_V2
                  + " is wanted, in a charset that keeps ASCII as it is"));
    }
    byte[] reply = dispatcher.reply(request.body(), request.caller(), request.address());
    if (reply.length == 0) {
      return new RestAnswer(204, Map.of(), reply);
    }
    return new RestAnswer(200, Map.of("Content-Type", MediaTypes.HL7_V2), reply);
  }

  @Override
  public RestAnswer refuse(Refusal refusal) {
    return Problems.answer(refusal);
  }

  /** UTF-16 and its like hide the delimiters from every reader of v2. */
  private static boolean keepsAscii(String contentType) {
    Optional<String> charset = MediaTypes.parameter(contentType, "charset");
    if (charset.isEmpty()) {
      return true;
    }
    try {
      byte[] encoded = "MSH|".getBytes(Charset.forName(charset.get()));
      return Arrays.equals(encoded, "MSH|".getBytes(StandardCharsets.US_ASCII));
    } catch (IllegalCharsetNameException
        | UnsupportedCharsetException
        | UnsupportedOperationException unknown) {
      return false;
    }
  }
}
