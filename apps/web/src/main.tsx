import './app/zod-config.ts';
import '@mantine/core/styles.css';
import './app/global.css';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { isApiError } from './api/api-error.ts';
import { whenSignedOut } from './api/client.ts';
import { sessionQuery } from './api/queries.ts';
import { router } from './app/router.tsx';
import { colorSchemeManager, cssVariablesResolver, theme } from './app/theme.ts';
import { i18n, startI18n } from './i18n/index.ts';

const freshMs = 1000;
const retries = 2;

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: freshMs,
      // A refusal stays one; only a lost connection or a server in trouble is worth another try.
      retry: (failures, error) =>
        failures < retries && !(isApiError(error) && error.status >= 200 && error.status < 500),
    },
  },
});
whenSignedOut(() => queryClient.setQueryData(sessionQuery.queryKey, null));

await startI18n();
// The server's sentences come in the language of the request.
i18n.on('languageChanged', () => void queryClient.invalidateQueries());

const place = document.getElementById('root');
if (!place) throw new Error('index.html has no element with the id root.');
createRoot(place).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      colorSchemeManager={colorSchemeManager}
      defaultColorScheme="auto"
    >
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
