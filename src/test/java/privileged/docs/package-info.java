/** What users read and build: the README, its errors, the snippets, the programs of src/it. */
package privileged.docs;
