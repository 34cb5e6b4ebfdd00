package org.millrace.journal;

import org.millrace.hl7.V2Header;

/** What listings tell a message by, beside its number. */
record MessageName(String sender, String controlId, String type) {
  static MessageName of(V2Header header) {
    return new MessageName(header.sender(), header.controlId(), header.type());
  }
}
