package org.millrace.query;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.millrace.cerner.Call;
import org.millrace.cerner.Reply;

/** Where the allergies of a patient are read. Thread-safe. */
@FunctionalInterface
public interface AllergySource {

  /**
   * What is known of a patient's allergies.
   *
   * @param patientId the id of the Patient resource at Cerner
   */
  Reply<Known> of(String patientId, Call call);

  /**
   * An answer.
   *
   * @param allergies AllergyIntolerance resources that hold now, without the patient; none if none
   *     is recorded, which does not say that there is none
   * @param leftOut how many are recorded of which too little is known to tell them
   * @param contradicted how many records that no allergy is known were left out, since another
   *     record has one
   */
  record Known(List<ObjectNode> allergies, int leftOut, int contradicted) {
    public Known {
      allergies = List.copyOf(allergies);
    }

    /** How many: what they are is a patient's. */
    @Override
    public String toString() {
      return "Known[" + allergies.size() + "]";
    }
  }
}
