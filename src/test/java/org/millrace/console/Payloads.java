package org.millrace.console;

import java.util.List;

/** What an attacker, or a bad interface, puts where a name is expected. */
final class Payloads {
  /** Without the delimiters of HL7 v2, so that each fits into a field. */
  static final List<String> ALL =
      List.of(
          "<script>alert(1)</script>",
          "</script><script>alert(2)</script>",
          "<img src=x onerror=alert(3)>",
          "\"><script>alert(4)</script>",
          "'><script>alert(5)</script>",
          "\" onmouseover=\"alert(6)",
          "' onfocus='alert(7)' autofocus='",
          "<svg onload=alert(8)>",
          "<svg/onload=alert(9)//",
          "<a href=javascript:alert(10)>x</a>",
          "javascript:alert(11)//<x>",
          "<iframe src=//evil.example>",
          "<body onload=alert(12)>",
          "<style>@import'//evil.example'</style>",
          "<link rel=stylesheet href=//evil.example>",
          "<base href=//evil.example/>",
          "<meta http-equiv=refresh content='0;url=//evil.example'>",
          "<form action=//evil.example><button>",
          "</title><script>alert(13)</script>",
          "</textarea><script>alert(14)</script>",
          "<!--><script>alert(15)</script>",
          "<![CDATA[<script>alert(16)</script>",
          "{{{frame.token}}}<b>",
          "{{=<% %>=}}<%frame.token%>",
          "<xmp><script>alert(17)</script>",
          "`><script>alert(18)</script>");

  private Payloads() {}

  /** As the console must show it. */
  static String escaped(String payload) {
    return payload
        .replace("&", "&amp;")
        .replace("'", "&#39;")
        .replace("\"", "&quot;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("`", "&#x60;")
        .replace("=", "&#x3D;");
  }
}
