/** Entry of the host for project files and previews: a utility process of the app. It loads no network. */
import { FILE_TASKS } from './fileTasks.js';
import { ownEndpoint } from './ownEndpoint.js';
import { serveHost } from './serveHost.js';

serveHost(ownEndpoint(), FILE_TASKS);
