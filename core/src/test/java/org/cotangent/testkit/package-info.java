/** Contract tests that every backend runs. */
package org.cotangent.testkit;
