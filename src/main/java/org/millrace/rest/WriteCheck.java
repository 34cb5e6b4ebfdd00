package org.millrace.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.millrace.mapping.TargetFinding;

/** What the server behind us refuses or ignores of a resource, found before it is asked. */
@FunctionalInterface
interface WriteCheck {

  /** Every finding; what the server would ignore is taken out of the resource. */
  List<TargetFinding> check(ObjectNode resource);
}
