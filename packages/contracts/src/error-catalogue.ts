import type { Sentence } from './locale.ts';

interface ErrorEntry {
  /** HTTP status at the edge. */
  readonly status: number;
  readonly title: Sentence;
  /** What happened, what was seen, what to do next. */
  readonly detail: Sentence;
}

const entry = (
  status: number,
  title: [en: string, pt: string],
  detail: [en: string, pt: string],
): ErrorEntry => ({
  status,
  title: { en: title[0], 'pt-BR': title[1] },
  detail: { en: detail[0], 'pt-BR': detail[1] },
});

/** Every error that a person can meet, by its code. `docs/errors.md` lists the same, and a test compares the two. */
export const errorCatalogue = {
  unauthorized: entry(
    401,
    ['Sign-in needed', 'É preciso entrar'],
    [
      'This needs a sign-in. Open the link that Käfer printed when it started, or send the token in the Authorization header.',
      'É preciso entrar. Abra o link que o Käfer mostrou ao iniciar ou envie o token no cabeçalho Authorization.',
    ],
  ),
  wrong_token: entry(
    401,
    ['Not the right token', 'Token errado'],
    [
      'This token is not right, or no longer. Ask whoever runs Käfer for it.',
      'Este token não está certo, ou não vale mais. Peça-o a quem cuida do Käfer.',
    ],
  ),
  forbidden_origin: entry(
    403,
    ['Request from another site', 'Pedido vindo de outro site'],
    [
      'The request came from another web site ({origin}) and was refused. Use Käfer from its own address.',
      'O pedido veio de outro site ({origin}) e foi recusado. Use o Käfer pelo endereço dele.',
    ],
  ),
  not_found: entry(
    404,
    ['Not found', 'Não encontrado'],
    ['There is nothing at {path}. Check the address.', 'Não há nada em {path}. Confira o endereço.'],
  ),
  invalid_request: entry(
    400,
    ['The request is not valid', 'O pedido não é válido'],
    [
      'The request does not have the form that is expected here: {reason}. Correct it and send it again.',
      'O pedido não tem a forma esperada aqui: {reason}. Corrija e envie de novo.',
    ],
  ),
  too_many_requests: entry(
    429,
    ['Too many requests', 'Pedidos demais'],
    [
      'Too many requests in a short time. Wait a minute and try again.',
      'Pedidos demais em pouco tempo. Espere um minuto e tente de novo.',
    ],
  ),
  internal_error: entry(
    500,
    ['Something went wrong inside Käfer', 'Algo falhou dentro do Käfer'],
    [
      'An unexpected error stopped this: {reason}. Nothing that was already saved is lost. Try again; if it happens again, send the log to whoever looks after Käfer.',
      'Um erro inesperado interrompeu isto: {reason}. Nada do que já estava salvo se perdeu. Tente de novo; se voltar a acontecer, envie o log a quem cuida do Käfer.',
    ],
  ),
  project_not_found: entry(
    404,
    ['No such project', 'Projeto inexistente'],
    [
      'There is no project {project}. Choose one from the list.',
      'Não existe o projeto {project}. Escolha um da lista.',
    ],
  ),
  project_exists: entry(
    409,
    ['The name is taken', 'O nome já existe'],
    [
      'A project called {name} exists already. Choose another name.',
      'Já existe um projeto chamado {name}. Escolha outro nome.',
    ],
  ),
  project_invalid: entry(
    400,
    ['The project cannot be like this', 'O projeto não pode ser assim'],
    ['{reason} Correct it and try again.', '{reason} Corrija e tente de novo.'],
  ),
  contract_column_needed: entry(
    400,
    ['The contract cannot be like this', 'O contrato não pode ser assim'],
    [
      'The contract lacks the column “{column}”, which the data or the project has. Put it back; to no longer expect it in files, have its rule for missing columns ignore it.',
      'Falta no contrato a coluna “{column}”, que os dados ou o projeto têm. Recoloque-a; para não esperá-la mais nos arquivos, faça a regra de coluna ausente ignorá-la.',
    ],
  ),
  contract_type_impossible: entry(
    400,
    ['The contract cannot be like this', 'O contrato não pode ser assim'],
    [
      'The column “{column}” is {now} in this project and cannot become {wanted}. Keep its type, or take a new column.',
      'A coluna “{column}” é {now} neste projeto e não pode passar a {wanted}. Mantenha o tipo ou use uma coluna nova.',
    ],
  ),
  contract_name_twice: entry(
    400,
    ['The contract cannot be like this', 'O contrato não pode ser assim'],
    [
      '“{name}” names two columns of the contract. Each name, and each other name, belongs to one column.',
      '“{name}” é nome de duas colunas do contrato. Cada nome, e cada outro nome, pertence a uma coluna.',
    ],
  ),
  contract_name_reserved: entry(
    400,
    ['The contract cannot be like this', 'O contrato não pode ser assim'],
    [
      'The column name “{name}” is reserved for Käfer. Choose another.',
      'O nome de coluna “{name}” é reservado ao Käfer. Escolha outro.',
    ],
  ),
  contract_range_impossible: entry(
    400,
    ['The contract cannot be like this', 'O contrato não pode ser assim'],
    [
      'The range of “{column}” does not fit: it must be numbers for a column of numbers, days for one of dates or times, none for other columns, and the least not above the most. Correct it.',
      'A faixa de “{column}” não serve: precisa ser de números em coluna de números, de dias em coluna de datas, nenhuma em outras, e o mínimo não acima do máximo. Corrija.',
    ],
  ),
  contract_values_impossible: entry(
    400,
    ['The contract cannot be like this', 'O contrato não pode ser assim'],
    [
      '“{column}” cannot have a list of allowed values with “{value}”: lists are for texts, booleans (true, false) and whole numbers. Correct it.',
      '“{column}” não pode ter lista de valores permitidos com “{value}”: listas são para textos, booleanos (true, false) e números inteiros. Corrija.',
    ],
  ),
  contract_freshness_impossible: entry(
    400,
    ['The contract cannot be like this', 'O contrato não pode ser assim'],
    [
      '“{column}” is no column of dates of the contract, so freshness cannot be told by it. Choose another.',
      '“{column}” não é coluna de datas do contrato, por isso não serve para medir a atualidade. Escolha outra.',
    ],
  ),
  contract_changed: entry(
    412,
    ['The contract was changed meanwhile', 'O contrato mudou enquanto isso'],
    [
      'The contract is at version {now} by now; version {edited} was edited. Load it again and repeat the change.',
      'O contrato já está na versão {now}; foi editada a versão {edited}. Carregue-o de novo e repita a mudança.',
    ],
  ),
  draft_not_found: entry(
    404,
    ['The file is no longer here', 'O arquivo não está mais aqui'],
    [
      'The file that was sent before is no longer here. Send it again.',
      'O arquivo enviado antes não está mais aqui. Envie de novo.',
    ],
  ),
  sample_not_found: entry(
    404,
    ['No example file', 'Sem arquivo de exemplo'],
    [
      'This project has no example file to try. Send a file of your own.',
      'Este projeto não tem arquivo de exemplo. Envie um arquivo seu.',
    ],
  ),
  upload_not_found: entry(
    404,
    ['No such upload', 'Envio inexistente'],
    [
      'There is no upload {upload}. It may have been discarded; send the file again.',
      'Não existe o envio {upload}. Ele pode ter sido descartado; envie o arquivo de novo.',
    ],
  ),
  upload_not_usable: entry(
    409,
    ['The upload cannot be used', 'O envio não pode ser usado'],
    [
      'The upload {upload} is {status}, and only a valid one can be merged. Send the file again.',
      'O envio {upload} está {status}, e só um envio válido pode ser incorporado. Envie o arquivo de novo.',
    ],
  ),
  upload_outdated: entry(
    409,
    ['The file was checked against other data', 'O arquivo foi verificado com outros dados'],
    [
      'The file “{file}” was checked before the data, or the files to be merged before it, were as they are now: there the values of its column “{column}” are of another kind. Retrain without it, then send it again: it is checked against what is there.',
      'O arquivo “{file}” foi verificado antes de os dados, ou os arquivos a incorporar antes dele, serem como são agora: neles os valores da coluna “{column}” são de outro tipo. Retreine sem ele e envie-o de novo: ele é verificado com o que está lá.',
    ],
  ),
  outcomes_conflict: entry(
    409,
    ['The files do not agree on the outcomes', 'Os arquivos não concordam nos resultados'],
    [
      'The upload {upload} brings other outcomes in the target than the data has ({classes}). Discard it, correct its target column and send it again.',
      'O envio {upload} traz no alvo resultados diferentes dos que os dados têm ({classes}). Descarte-o, corrija a coluna-alvo e envie de novo.',
    ],
  ),
  upload_in_use: entry(
    409,
    ['The upload is in use', 'O envio está em uso'],
    [
      'The upload {upload} belongs to a run or to the data already, so it cannot be discarded.',
      'O envio {upload} já pertence a um retreino ou aos dados, por isso não pode ser descartado.',
    ],
  ),
  nothing_to_undo: entry(
    409,
    ['Nothing to undo', 'Nada a desfazer'],
    [
      'No row of the data comes from the upload {upload}: it was not merged, was undone already, or later files changed all of its rows. The data stays as it is.',
      'Nenhuma linha dos dados vem do envio {upload}: ele não foi incorporado, já foi desfeito, ou arquivos posteriores alteraram todas as suas linhas. Os dados ficam como estão.',
    ],
  ),
  recipe_invalid: entry(
    422,
    ['The recipe cannot be used', 'A receita não pode ser usada'],
    ['{reason} Nothing was changed.', '{reason} Nada foi alterado.'],
  ),
  recipe_unusable: entry(
    422,
    ['The recipe did not make a usable table', 'A receita não gerou uma tabela utilizável'],
    [
      'Nothing was merged. Open the recipe screen and try the recipe with these files: it says what is wrong.',
      'Nada foi incorporado. Abra a tela da receita e experimente-a com estes arquivos: ela diz o que está errado.',
    ],
  ),
  source_not_found: entry(
    404,
    ['No such report', 'Relatório não encontrado'],
    [
      'The project has no report called “{source}”. Its reports are: {sources}.',
      'O projeto não tem relatório chamado “{source}”. Os relatórios são: {sources}.',
    ],
  ),
  made_by_recipe: entry(
    409,
    ['The training table follows from the reports', 'A tabela de treino vem dos relatórios'],
    [
      'A version of it cannot be brought back, because the next retrain makes it anew from the reports. Undo the report that is wrong instead.',
      'Uma versão dela não pode voltar, porque o próximo retreino a refaz a partir dos relatórios. Em vez disso, desfaça o relatório que está errado.',
    ],
  ),
  version_vacuumed: entry(
    409,
    ['The earlier data is gone', 'Os dados anteriores não existem mais'],
    [
      'The upload {upload} cannot be undone: files of the version before it are no longer in the lake. Restore them from a backup, or send a file with the right values instead.',
      'O envio {upload} não pode ser desfeito: arquivos da versão anterior a ele não estão mais no lake. Recupere-os de uma cópia de segurança ou envie um arquivo com os valores corretos.',
    ],
  ),
  disk_full: entry(
    507,
    ['The disk is full', 'O disco está cheio'],
    [
      'There is not enough space left where Käfer keeps its data. Nothing was changed. Free some space, or ask whoever looks after the server to, and try again.',
      'Não há espaço suficiente onde o Käfer guarda os dados. Nada foi alterado. Libere espaço, ou peça a quem cuida do servidor, e tente de novo.',
    ],
  ),
  upload_too_large: entry(
    413,
    ['The file is too large', 'O arquivo é grande demais'],
    [
      'The file is larger than {limit} MB, the limit of this server. Split it, or ask for a higher limit (KAFER_UPLOAD_LIMIT_MB).',
      'O arquivo passa de {limit} MB, o limite deste servidor. Divida o arquivo ou peça um limite maior (KAFER_UPLOAD_LIMIT_MB).',
    ],
  ),
  upload_interrupted: entry(
    400,
    ['The upload was interrupted', 'O envio foi interrompido'],
    [
      'The connection ended before the whole file arrived, so it was thrown away. Send it again.',
      'A conexão caiu antes de o arquivo chegar inteiro, por isso ele foi descartado. Envie de novo.',
    ],
  ),
  too_many_files: entry(
    413,
    ['Too many files at once', 'Arquivos demais de uma vez'],
    [
      'One form may hold {limit} files. Those before were taken; send the others in another form.',
      'Um formulário pode trazer {limit} arquivos. Os primeiros foram recebidos; envie os outros em mais um formulário.',
    ],
  ),
  upload_cancelled: entry(
    409,
    ['The file was stopped', 'O arquivo foi interrompido'],
    [
      '{filename} was stopped before it was checked; nothing of it was kept. Send it again if you need it.',
      '{filename} foi interrompido antes de ser verificado; nada dele ficou. Envie de novo se precisar.',
    ],
  ),
  arrival_not_found: entry(
    404,
    ['No such file on its way', 'Nenhum arquivo assim a caminho'],
    [
      'No file {arrival} is being received or checked. It may be an upload already: see the list of uploads.',
      'Nenhum arquivo {arrival} está sendo recebido ou verificado. Talvez já seja um envio: veja a lista de envios.',
    ],
  ),
  feed_not_found: entry(
    404,
    ['No such feed', 'Coleta inexistente'],
    [
      'This project has no feed {feed}. See the list of its feeds.',
      'Este projeto não tem a coleta {feed}. Veja a lista das coletas.',
    ],
  ),
  feed_name_taken: entry(
    409,
    ['The name is taken', 'O nome já existe'],
    [
      'A feed cannot be called {feed}: that is the folder which Käfer watches. Choose another name.',
      'Uma coleta não pode se chamar {feed}: essa é a pasta que o Käfer observa. Escolha outro nome.',
    ],
  ),
  too_many_feeds: entry(
    409,
    ['Too many feeds', 'Coletas demais'],
    [
      'A project may have {limit} feeds. Remove one that is no longer needed.',
      'Um projeto pode ter {limit} coletas. Remova uma que não seja mais necessária.',
    ],
  ),
  feed_address_invalid: entry(
    400,
    ['Files cannot be fetched from this address', 'Não dá para buscar arquivos neste endereço'],
    [
      '“{address}” is not an address of the form that is needed here. Write http://… or https://… for a file on the web, s3://bucket/prefix for a prefix in S3, and the whole path, from its root on, for a folder.',
      '“{address}” não é um endereço da forma necessária aqui. Escreva http://… ou https://… para um arquivo na rede, s3://bucket/prefixo para um prefixo no S3 e o caminho completo, desde a raiz, para uma pasta.',
    ],
  ),
  feed_credentials_in_address: entry(
    400,
    ['The address holds a password', 'O endereço traz uma senha'],
    [
      'Addresses are shown and kept, so they may hold no user and password. Ask the operator of the server to keep them as a secret, and name the secret here.',
      'Endereços são mostrados e guardados, por isso não podem trazer usuário e senha. Peça a quem opera o servidor que os guarde como segredo e dê aqui o nome do segredo.',
    ],
  ),
  feed_host_not_allowed: entry(
    403,
    ['This server may not fetch from there', 'Este servidor não pode buscar ali'],
    [
      'The operator of this server has not allowed fetching from {host}. Ask them to add it to KAFER_INTAKE_HOSTS.',
      'Quem opera este servidor não permitiu buscar em {host}. Peça que o acrescente em KAFER_INTAKE_HOSTS.',
    ],
  ),
  feed_folder_not_allowed: entry(
    403,
    ['This server may not read that folder', 'Este servidor não pode ler essa pasta'],
    [
      'The operator of this server has not allowed reading the folder {folder}. Ask them to add it, or one above it, to KAFER_INTAKE_FOLDERS.',
      'Quem opera este servidor não permitiu ler a pasta {folder}. Peça que a acrescente, ou uma acima dela, em KAFER_INTAKE_FOLDERS.',
    ],
  ),
  feed_folder_unreadable: entry(
    502,
    ['The folder cannot be read', 'A pasta não pode ser lida'],
    [
      '{folder} could not be read ({reason}). Check that it exists, that the network drive is connected and that Käfer may read it.',
      'Não foi possível ler {folder} ({reason}). Confira se existe, se a unidade de rede está conectada e se o Käfer pode ler ali.',
    ],
  ),
  feed_file_changed: entry(
    502,
    ['The file is still changing', 'O arquivo ainda está mudando'],
    [
      '{file} changed while it was looked at, so it was left for the next time. If it happens every time, have it written under another name and renamed when it is whole.',
      '{file} mudou enquanto era lido, por isso ficou para a próxima vez. Se acontecer sempre, faça com que seja gravado com outro nome e renomeado quando estiver completo.',
    ],
  ),
  feed_secret_missing: entry(
    400,
    ['The secret is not on the server', 'O segredo não está no servidor'],
    [
      'The server has no secret called {secret}. Ask its operator to set the variable {variable}, or to put a file {secret} into the folder KAFER_SECRETS_DIR.',
      'O servidor não tem um segredo chamado {secret}. Peça a quem o opera que defina a variável {variable} ou ponha um arquivo {secret} na pasta KAFER_SECRETS_DIR.',
    ],
  ),
  feed_secret_malformed: entry(
    400,
    ['The secret does not have the form that is needed', 'O segredo não tem a forma necessária'],
    [
      'The secret must have the form {form}. Ask the operator of the server to correct it, or choose another way to send it.',
      'O segredo precisa ter a forma {form}. Peça a quem opera o servidor que o corrija ou escolha outro modo de enviá-lo.',
    ],
  ),
  feed_unreachable: entry(
    502,
    ['The server cannot be reached', 'Não foi possível chegar ao servidor'],
    [
      'No connection to {host} could be made ({reason}). Check the address and that the server runs and can be reached from the one on which Käfer runs.',
      'Não foi possível conectar a {host} ({reason}). Confira o endereço e se o servidor está ligado e pode ser alcançado a partir da máquina do Käfer.',
    ],
  ),
  feed_timeout: entry(
    504,
    ['The server does not answer', 'O servidor não responde'],
    [
      '{host} did not answer in time. Käfer tries again by itself where there is a schedule; if it lasts, ask whoever looks after that server.',
      '{host} não respondeu a tempo. O Käfer tenta de novo sozinho quando há um horário; se persistir, fale com quem cuida desse servidor.',
    ],
  ),
  feed_certificate: entry(
    502,
    ['The certificate of the server cannot be trusted', 'O certificado do servidor não é confiável'],
    [
      'The secure connection to {host} was refused: {reason}. If the plant has a certificate authority of its own, let the operator name its certificate in NODE_EXTRA_CA_CERTS; if the certificate has expired, it has to be renewed there.',
      'A conexão segura com {host} foi recusada: {reason}. Se a fábrica tem autoridade certificadora própria, quem opera o servidor indica o certificado dela em NODE_EXTRA_CA_CERTS; se o certificado venceu, ele precisa ser renovado lá.',
    ],
  ),
  feed_access_refused: entry(
    502,
    ['Access was refused', 'O acesso foi recusado'],
    [
      'The server refused {address} ({status}). Check the secret and how it is sent, and that it may read there.',
      'O servidor recusou {address} ({status}). Confira o segredo, como ele é enviado e se ele pode ler ali.',
    ],
  ),
  feed_nothing_there: entry(
    502,
    ['There is nothing at this address', 'Não há nada neste endereço'],
    [
      'The server knows nothing of {address}. Check the address; the file may have been moved or not been written yet.',
      'O servidor não conhece {address}. Confira o endereço; o arquivo pode ter sido movido ou ainda não ter sido gravado.',
    ],
  ),
  feed_answer_unexpected: entry(
    502,
    ['The server answered with an error', 'O servidor respondeu com um erro'],
    [
      'The server answered {address} with the status {status} and no file. Käfer tries again by itself where there is a schedule; if it lasts, ask whoever looks after that server.',
      'O servidor respondeu a {address} com o status {status} e sem arquivo. O Käfer tenta de novo sozinho quando há um horário; se persistir, fale com quem cuida desse servidor.',
    ],
  ),
  feed_web_page: entry(
    502,
    ['A web page came instead of a file', 'Veio uma página em vez de um arquivo'],
    [
      '{address} gave a web page, most likely one to sign in. Use the address of the file itself, and a secret where the server asks for one.',
      '{address} devolveu uma página, provavelmente de login. Use o endereço do próprio arquivo e um segredo onde o servidor o pedir.',
    ],
  ),
  feed_redirects: entry(
    502,
    ['The address leads in a circle', 'O endereço anda em círculos'],
    [
      '{host} sent the request on too often, or to no address. Use the address at which the file really is.',
      '{host} redirecionou vezes demais ou para endereço nenhum. Use o endereço em que o arquivo de fato está.',
    ],
  ),
  feed_redirect_refused: entry(
    502,
    ['The address leads to an unsafe one', 'O endereço leva a outro inseguro'],
    [
      '{host} sent the request on to {target}, which is not encrypted, and that was not followed. Use the address at which the file really is.',
      '{host} redirecionou para {target}, que não é cifrado, e isso não foi seguido. Use o endereço em que o arquivo de fato está.',
    ],
  ),
  feed_broken_off: entry(
    502,
    ['The file broke off', 'O arquivo veio pela metade'],
    [
      'The connection to {place} ended before the whole file had come, so it was thrown away. Käfer tries again by itself where there is a schedule.',
      'A conexão com {place} caiu antes de o arquivo chegar inteiro, por isso ele foi descartado. O Käfer tenta de novo sozinho quando há um horário.',
    ],
  ),
  unsupported_media_type: entry(
    415,
    ['This kind of content is not accepted', 'Este tipo de conteúdo não é aceito'],
    [
      'Send the file as it is, as text/csv or application/octet-stream, or as multipart/form-data with a field named file; {seen} is not accepted here.',
      'Envie o arquivo como está, como text/csv ou application/octet-stream, ou como multipart/form-data com um campo file; {seen} não é aceito aqui.',
    ],
  ),
  rejected_rows_not_found: entry(
    404,
    ['No rejected rows', 'Nenhuma linha recusada'],
    [
      'No row of the upload {upload} was rejected, so there is nothing to download.',
      'Nenhuma linha do envio {upload} foi recusada, por isso não há nada para baixar.',
    ],
  ),
  run_not_found: entry(
    404,
    ['No such run', 'Retreino inexistente'],
    [
      'There is no run {run}. The home screen lists the latest ones.',
      'Não existe o retreino {run}. A tela inicial lista os mais recentes.',
    ],
  ),
  run_in_progress: entry(
    409,
    ['A run is already under way', 'Já há um retreino em andamento'],
    [
      'The run {run} of this project has not ended. Decide on it or cancel it first.',
      'O retreino {run} deste projeto ainda não terminou. Decida sobre ele ou cancele antes.',
    ],
  ),
  holdout_collecting: entry(
    409,
    ['Fresh test rows are being collected already', 'Novas linhas de teste já estão sendo reunidas'],
    [
      'So far {rows} of {needed} fresh test rows have come. Send more data; then models are compared on them.',
      'Até agora vieram {rows} de {needed} novas linhas de teste. Envie mais dados; depois os modelos são comparados nelas.',
    ],
  ),
  run_not_cancellable: entry(
    409,
    ['The run has ended', 'O retreino já terminou'],
    [
      'The run {run} is {status} and can no longer be cancelled.',
      'O retreino {run} está {status} e não pode mais ser cancelado.',
    ],
  ),
  run_interrupted: entry(
    500,
    ['The run was interrupted', 'O retreino foi interrompido'],
    [
      'The process that did the work of the stage {stage} ended unexpectedly ({reason}). The data and the model in production are as they were. Start the run again; if it ends like this again, the machine may be short of memory.',
      'O processo que fazia a etapa {stage} terminou de repente ({reason}). Os dados e o modelo em produção continuam como estavam. Inicie o retreino de novo; se repetir, pode faltar memória na máquina.',
    ],
  ),
  no_current_model: entry(
    409,
    ['There is no model to continue', 'Não há modelo para continuar'],
    [
      'Incremental runs and refreshes start from the model in production, and this project has none yet. Start a full run.',
      'O retreino incremental e a atualização partem do modelo em produção, e este projeto ainda não tem nenhum. Inicie um retreino completo.',
    ],
  ),
  not_allowed: entry(
    403,
    ['Only an engineer may do this', 'Só um engenheiro pode fazer isto'],
    [
      'You are signed in as an operator. Ask an engineer of this Käfer to do it, or to give you that role.',
      'Você entrou como operador. Peça a um engenheiro deste Käfer que o faça, ou que lhe dê esse papel.',
    ],
  ),
  person_exists: entry(
    409,
    ['The name is taken', 'O nome já existe'],
    [
      'Somebody is or was called “{name}” here, and decisions name them. Choose another name, such as one with a surname.',
      'Alguém se chama ou já se chamou “{name}” aqui, e há decisões com esse nome. Escolha outro, por exemplo com sobrenome.',
    ],
  ),
  person_not_found: entry(
    404,
    ['No such person', 'Pessoa inexistente'],
    [
      'Nobody with the id {person} may sign in. Choose one of the list of people.',
      'Ninguém com o id {person} pode entrar. Escolha alguém da lista de pessoas.',
    ],
  ),
  proposal_pending: entry(
    409,
    ['A choice waits for a second person', 'Uma escolha espera uma segunda pessoa'],
    [
      '{by} has chosen model {version}, and nobody has approved or rejected that yet. Have it answered first.',
      '{by} escolheu o modelo {version}, e ninguém aprovou nem rejeitou isso ainda. Peça primeiro uma resposta.',
    ],
  ),
  proposal_not_found: entry(
    404,
    ['No such proposal', 'Proposta inexistente'],
    [
      'Nothing with the id {proposal} was proposed in this project. See what waits on its home screen.',
      'Nada com o id {proposal} foi proposto neste projeto. Veja na tela inicial o que espera.',
    ],
  ),
  proposal_answered: entry(
    409,
    ['It was answered already', 'Já foi respondida'],
    [
      'This proposal was already answered ({state}). Load the page again.',
      'Esta proposta já foi respondida ({state}). Carregue a página de novo.',
    ],
  ),
  second_person_needed: entry(
    403,
    ['A second person must approve', 'Uma segunda pessoa precisa aprovar'],
    [
      'This project asks for two people: {by} has chosen, and somebody else, signed in by a name of their own, must approve. Ask one of them, or let an engineer invite one.',
      'Este projeto exige duas pessoas: {by} escolheu, e outra, que entrou com nome próprio, precisa aprovar. Peça a uma delas, ou peça a um engenheiro que convide uma.',
    ],
  ),
  candidate_not_found: entry(
    400,
    ['This run did not train that model', 'Este retreino não treinou esse modelo'],
    [
      'The run {run} did not train a model {version}. Choose one of its candidates; to put any other version into production, go to the models of the project.',
      'O retreino {run} não treinou um modelo {version}. Escolha um dos candidatos dele; para pôr outra versão em produção, vá aos modelos do projeto.',
    ],
  ),
  leaks_unanswered: entry(
    409,
    ['A column may give the outcome away', 'Uma coluna pode entregar o resultado'],
    [
      'These columns may be known only after the result: {columns}. Say of each, in the settings of the project, whether it is left out or known before the result, and start again.',
      'Estas colunas talvez só sejam conhecidas depois do resultado: {columns}. Diga de cada uma, nas configurações do projeto, se fica de fora ou se é conhecida antes do resultado, e inicie de novo.',
    ],
  ),
  same_model: entry(
    400,
    ['Two different models are needed', 'São precisos dois modelos diferentes'],
    [
      'Model {version} was to be compared with itself. Choose two versions.',
      'O modelo {version} seria comparado com ele mesmo. Escolha duas versões.',
    ],
  ),
  features_left_out: entry(
    409,
    ['The current model uses columns that were left out', 'O modelo atual usa colunas que ficaram de fora'],
    [
      'Incremental runs and refreshes start from the current model, which learned from {columns}; the project leaves them out now. Start a full run.',
      'O retreino incremental e a atualização partem do modelo atual, que aprendeu com {columns}; o projeto agora as deixa de fora. Inicie um retreino completo.',
    ],
  ),
  nothing_new: entry(
    422,
    ['There are no new rows', 'Não há linhas novas'],
    [
      'Since the current model was trained, no row was added or changed, so there is nothing to continue with. Send new data, or start a full run.',
      'Desde o treino do modelo atual nenhuma linha entrou ou mudou, por isso não há com o que continuar. Envie dados novos ou inicie um retreino completo.',
    ],
  ),
  classes_changed: entry(
    422,
    ['There are new classes', 'Há classes novas'],
    [
      'The data holds classes that the current model does not know ({classes}), so it cannot be continued. Start a full run.',
      'Os dados têm classes que o modelo atual não conhece ({classes}), por isso ele não pode ser continuado. Inicie um retreino completo.',
    ],
  ),
  no_data: entry(
    422,
    ['There is no data yet', 'Ainda não há dados'],
    [
      'The project has no rows to train on. Send a file first.',
      'O projeto não tem linhas para treinar. Envie um arquivo antes.',
    ],
  ),
  too_few_rows: entry(
    422,
    ['There is too little data', 'Há poucos dados'],
    [
      'There are {rows} rows where at least {minimum} are needed, after the share that is kept apart for the comparison. Send more data.',
      'Há {rows} linhas onde são necessárias pelo menos {minimum}, descontada a parte guardada para a comparação. Envie mais dados.',
    ],
  ),
  one_outcome: entry(
    422,
    ['There is only one outcome', 'Há um único resultado'],
    [
      'Among {rows} rows the target {target} has only one outcome, so there is nothing to tell apart. Send rows with the other outcomes too.',
      'Em {rows} linhas o alvo {target} tem um único resultado, por isso não há o que distinguir. Envie também linhas com os outros resultados.',
    ],
  ),
  no_features: entry(
    422,
    ['There is nothing to learn from', 'Não há com o que aprender'],
    [
      'Apart from key, target and excluded columns the data has no usable column. Check which columns are excluded.',
      'Além da chave, do alvo e das colunas excluídas, os dados não têm coluna utilizável. Veja quais colunas estão excluídas.',
    ],
  ),
  holdout_overlap: entry(
    500,
    ['The comparison would be unfair', 'A comparação seria injusta'],
    [
      '{rows} rows of the holdout were in the training data of model {model}, so no comparison is shown. This must not happen; keep the lake as it is and report it.',
      '{rows} linhas da amostra de teste estavam no treino do modelo {model}, por isso a comparação não é mostrada. Isso não deveria acontecer; mantenha o lake como está e avise quem cuida do Käfer.',
    ],
  ),
  comparison_not_ready: entry(
    409,
    ['There are no results yet', 'Ainda não há resultados'],
    [
      'The run {run} is {status}; its results are there once it has evaluated both models.',
      'O retreino {run} está {status}; os resultados aparecem depois da avaliação dos dois modelos.',
    ],
  ),
  decision_not_possible: entry(
    409,
    ['There is nothing to decide', 'Não há o que decidir'],
    [
      'The run {run} is {status}; a decision is possible only while it waits for one.',
      'O retreino {run} está {status}; só é possível decidir enquanto ele espera a decisão.',
    ],
  ),
  decision_made: entry(
    409,
    ['The decision was made', 'A decisão já foi tomada'],
    [
      'For the run {run} the choice was: {choice}. It stands; to use another model, choose it on the Models screen.',
      'Para o retreino {run} a escolha foi: {choice}. Ela vale; para usar outro modelo, escolha-o na tela Modelos.',
    ],
  ),
  no_current_choice: entry(
    409,
    ['There is no current model to keep', 'Não há modelo atual para manter'],
    [
      'This project has no model in production yet, so only the new one can be chosen, or none.',
      'Este projeto ainda não tem modelo em produção, por isso só o novo pode ser escolhido.',
    ],
  ),
  model_not_found: entry(
    404,
    ['No such model', 'Modelo inexistente'],
    [
      'There is no model {version} in this project. See the list of models.',
      'Não existe o modelo {version} neste projeto. Veja a lista de modelos.',
    ],
  ),
  no_champion: entry(
    409,
    ['No model is in production', 'Nenhum modelo em produção'],
    [
      'No model has been chosen for this project yet. Train one and choose it, then predict.',
      'Nenhum modelo foi escolhido para este projeto ainda. Treine um, escolha-o e depois execute.',
    ],
  ),
  column_never_seen: entry(
    400,
    ['A column is missing', 'Falta uma coluna'],
    [
      'The model needs the column {column}, and no row gives it. Add it; leave a cell empty where the value is not known.',
      'O modelo precisa da coluna {column}, e nenhuma linha a traz. Acrescente-a; deixe a célula vazia onde não souber o valor.',
    ],
  ),
  value_not_understood: entry(
    400,
    ['A value was not understood', 'Um valor não foi entendido'],
    [
      'In row {row} the column {column} holds “{value}”, which is no {type}. Correct it, or leave it empty when it is not known.',
      'Na linha {row} a coluna {column} traz “{value}”, que não é {type}. Corrija ou deixe vazio quando não souber.',
    ],
  ),
  values_ambiguous: entry(
    400,
    ['Values can be read in two ways', 'Os valores podem ser lidos de duas formas'],
    [
      'In the column {column} “{value}” may be one of two values, depending on how dates and numbers are written where the file is from, and nothing in the file tells which. Write dates as 2026-12-31 and numbers as 1234.5, or say on the Train screen, at a checked file, under “Correct how the file is read”, how the project’s files are written; then send the file again.',
      'Na coluna {column}, “{value}” pode ser um de dois valores, conforme o modo de escrever datas e números de onde vem o arquivo, e nada no arquivo diz qual. Escreva datas como 2026-12-31 e números como 1234.5, ou diga na tela Treinar, em um arquivo verificado, em “Corrigir como o arquivo é lido”, como são os arquivos do projeto; depois envie o arquivo de novo.',
    ],
  ),
  dates_mixed: entry(
    400,
    ['Dates are written in both orders', 'As datas estão nas duas ordens'],
    [
      'The dates of the column {column} are written in both orders: “{value}” begins with the day, “{other}” with the month. Export the column in one order and send the file again.',
      'As datas da coluna {column} estão escritas nas duas ordens: “{value}” começa pelo dia, “{other}” pelo mês. Exporte a coluna em uma só ordem e envie o arquivo de novo.',
    ],
  ),
  csv_not_readable: entry(
    400,
    ['The file could not be read', 'O arquivo não pôde ser lido'],
    [
      'The file could not be read as a table: {reason}. Save it again as CSV (UTF-8) and send it again.',
      'O arquivo não pôde ser lido como tabela: {reason}. Salve de novo como CSV (UTF-8) e envie outra vez.',
    ],
  ),
  record_not_found: entry(
    404,
    ['No such key', 'Chave inexistente'],
    [
      'The data holds no row with the key {key}. Check it, or fill in the form.',
      'Os dados não têm linha com a chave {key}. Confira ou preencha o formulário.',
    ],
  ),
  no_key: entry(
    409,
    ['The project has no key', 'O projeto não tem chave'],
    [
      'This project was created without a key column, so a row cannot be looked up. Fill in the form.',
      'Este projeto foi criado sem coluna-chave, por isso não dá para buscar uma linha. Preencha o formulário.',
    ],
  ),
  dataset_version_not_found: entry(
    404,
    ['No such dataset version', 'Versão dos dados inexistente'],
    [
      'There is no version {version} of the data. See the Data screen for those that exist.',
      'Não existe a versão {version} dos dados. Veja na tela Dados as que existem.',
    ],
  ),
  lake_busy: entry(
    409,
    ['The data is being changed', 'Os dados estão sendo alterados'],
    [
      'Another process changed the data at the same moment. Nothing was lost; try again.',
      'Outro processo alterou os dados no mesmo instante. Nada se perdeu; tente de novo.',
    ],
  ),
  not_ready: entry(
    503,
    ['Käfer is not ready', 'O Käfer não está pronto'],
    [
      'Käfer is starting or stopping ({reason}). Try again in a moment.',
      'O Käfer está iniciando ou parando ({reason}). Tente de novo em instantes.',
    ],
  ),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorCatalogue;
