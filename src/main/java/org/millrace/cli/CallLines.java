package org.millrace.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.millrace.journal.CallContent;

/** What was sent to Cerner in one call and what came back, shown. */
final class CallLines {
  private CallLines() {}

  static void print(CallContent content, PrintWriter out) {
    out.println("    " + OnScreen.text(content.target()));
    print("sent", content.request(), out);
    print("came back", content.response(), out);
  }

  private static void print(String what, byte[] body, PrintWriter out) {
    if (body.length == 0) {
      return;
    }
    out.println("    " + what + ":");
    text(body).lines().forEach(line -> out.println("      " + OnScreen.text(line)));
  }

  static void put(CallContent content, ObjectNode to) {
    to.put("target", content.target())
        .put("sent", text(content.request()))
        .put("cameBack", text(content.response()));
  }

  private static String text(byte[] body) {
    return new String(body, StandardCharsets.UTF_8);
  }
}
