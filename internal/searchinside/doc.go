// Package searchinside makes what is inside an OpenSearch domain as [searchindex.Settings] say.
//
// Each document is read first, and put only where it is not as it should be. So a run that changes nothing writes nothing, one that
// was cut off is completed by the next, and what somebody has changed by hand is as before after any run. What the settings no
// longer have is left alone, such as the template of an index name that was used before; only former admins and readers go.
//
// What may pass is tried again for as long as the context lives: no connection, 429, 502, 503, 504, and 409, where
// somebody else has changed the same thing meanwhile and it is read again. All else ends the run at once, with OpenSearch's own words.
package searchinside
